"""A moment in a form: what is not touched does not move, in any zone, at any instant."""

from datetime import UTC, datetime, timedelta

import pytest
import pytz
from django import forms
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from embassy import clock
from embassy.moment_field import MomentField

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
FIRST, LAST = datetime(2020, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001 — hypothesis wants them without a zone
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
ZONES = st.one_of(st.sampled_from(["Europe/London", "Europe/Moscow"]), st.sampled_from(pytz.common_timezones))


class Planned(forms.Form):
    """A form as an officer's pages have them."""

    at = MomentField()


def sent_by_browser(form):
    """What a browser sends if nothing is touched."""
    fields = html.fromstring(f"<form>{form.as_p()}</form>").xpath("//input")
    return {field.get("name"): field.get("value", "") for field in fields}


@given(
    moment=MOMENTS,
    zone=ZONES,
    once_refused=st.booleans(),
)
# Both hours that London and Moscow had twice, and a second and a microsecond that the browser's field has no room for.
@example(moment=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), zone="Europe/London", once_refused=False)
@example(moment=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), zone="Europe/London", once_refused=True)
@example(moment=datetime(2026, 10, 25, 1, 30, 59, 999_999, tzinfo=UTC), zone="Europe/London", once_refused=True)
@example(moment=datetime(2014, 10, 25, 22, 30, tzinfo=UTC), zone="Europe/Moscow", once_refused=False)
def test_form_that_is_sent_back_unchanged_moves_no_moment(moment, zone, once_refused):
    with override_settings(TIME_ZONE=zone), pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: moment)
        form = Planned(sent_by_browser(Planned(initial={"at": moment})), initial={"at": moment})
        if once_refused:
            # Shown again with another field's fault, and sent again.
            form = Planned(sent_by_browser(form), initial={"at": moment})

        assert form.is_valid(), form.errors
        assert form.cleaned_data["at"] == moment
        assert not form.has_changed()


@given(moment=MOMENTS, zone=ZONES)
def test_moment_that_is_typed_is_the_host_citys_or_is_refused(moment, zone):
    minute = moment.replace(second=0, microsecond=0)
    with override_settings(TIME_ZONE=zone), pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: minute)
        shown = sent_by_browser(Planned(initial={"at": minute}))["at"]
        form = Planned({"at": shown})

        if form.is_valid():
            assert form.cleaned_data["at"] == minute
        else:
            assert "go back, and it is" in form.errors["at"][0]


@pytest.mark.parametrize("was", ["", "soon", "2026-05-12T11:00", "0001-01-01T00:00+23:00", "2026-05-12T10:00+00:00"])
def test_text_counts_where_the_hidden_moment_says_something_else(monkeypatch, was):
    monkeypatch.setattr(clock, "now", lambda: NOON)

    form = Planned({"at": "2026-05-12T14:00", "at-was": was})

    assert form.is_valid()
    assert form.cleaned_data["at"] == NOON + timedelta(hours=2)


def test_other_citys_time_and_cautions_stand_below_what_was_sent(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)

    shown = html.fromstring(str(Planned({"at": "2026-06-11T22:30"})["at"]))

    assert [(line.get("class"), line.text) for line in shown.iter("li")] == [
        ("time", "= 12 June 2026 at 00:30 Moscow"),
        ("caution", "It is night in London then: 22:30."),
        ("caution", "It is night in Moscow then: 00:30."),
        ("caution", "That day is a public holiday in Moscow: Russia Day."),
    ]
    assert shown.xpath("//input[@type='datetime-local']/@aria-describedby") == ["id_at_clocks"]


def test_empty_field_says_nothing():
    shown = html.fromstring(str(Planned()["at"]))

    assert list(shown.iter("li")) == []
    assert shown.xpath("//input/@name") == ["at"]
