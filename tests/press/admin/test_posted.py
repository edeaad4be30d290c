"""What a real form posts, and the same form with other values."""

import pytest

from press.content import as_data, content_of
from press.models import Kind
from press.posted import as_querydict, content_of_form, with_values
from tests.press.admin.desk import fields_of, page_of
from tests.press.factory import make_message

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_form_that_is_given_other_rows_saves_them(desk, count):
    message = make_message(Kind.Q_AND_A, questions=[("One?", "<p>1</p>"), ("Two?", "<p>2</p>")])
    rows = [{"question": f"New {number}?", "answer": ""} for number in range(count)]
    opened = as_querydict(fields_of(desk.get(page_of(message))).items())

    changed = with_values(opened, ["title", "exchanges"], {"title": "New", "exchanges": rows}, message)

    assert content_of_form(changed, message.kind)["exchanges"] == rows
    assert desk.post(page_of(message), changed.dict()).status_code == 302
    message.refresh_from_db()
    assert (message.title, content_of(message)["exchanges"]) == ("New", rows)


@pytest.mark.parametrize("kind", list(Kind))
def test_unchanged_form_says_what_is_stored(desk, kind):
    message = make_message(
        kind,
        teaser="Two\nlines.",
        signed_in="London" if kind == Kind.STATEMENT else "",
        questions=[("Why?", "<p>So.</p>")] if kind == Kind.Q_AND_A else (),
        signatories=["One"] if kind == Kind.STATEMENT else (),
    )
    fields = as_querydict(fields_of(desk.get(page_of(message))).items())

    said = content_of_form(fields, kind)

    stored = as_data(content_of(message))
    assert said == {name: stored[name] for name in said}
