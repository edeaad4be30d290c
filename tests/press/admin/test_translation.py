"""The page of the office that links a message with its translation."""

import pytest

from press.models import Event, Translation
from tests.press.admin.desk import fields_of, page_of
from tests.press.factory import make_live, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(officer):
    """A draft in English."""
    return make_message(title="Garden", by=officer)


@pytest.fixture
def russian(officer):
    """The same in Russian, live."""
    return make_live(title="Сад", language="ru", by=officer)


def send(desk, message, **fields):
    return desk.post(page_of(message, "translation"), {"proposed": "", "address": "", "confirmed": "now", **fields})


def test_messages_of_the_other_language_are_proposed_with_their_state(desk, officer, english, russian):
    make_message(title="Another draft", by=officer)

    choices = desk.get(page_of(english, "translation")).context["form"].fields["proposed"].choices

    assert [key for key, _label in choices] == [russian.pk]
    assert choices[0][1].startswith("Сад (Live since ")


def test_proposed_message_is_linked_and_the_link_taken_back(desk, english, russian):
    assert send(desk, english, proposed=str(russian.pk)).status_code == 302
    assert Translation.objects.count() == 2

    page = desk.get(page_of(russian, "translation"))
    assert (page.context["linked"], page.context["is_open"]) == ([english], False)
    events = desk.get(page_of(english)).context["events"]
    assert [(event.get_what_display(), event.words) for event in events] == [("Linked with its translation", "Сад")]
    desk.post(page_of(russian, "translation"), {"unlink": "1"})
    assert Translation.objects.count() == 0
    again = desk.post(page_of(russian, "translation"), {"unlink": "1"})
    assert again.context["refused"] == "This message is not linked with a translation."


@pytest.mark.parametrize("which", ["public", "full", "office", "query"])
def test_message_is_found_by_its_address(desk, english, russian, which):
    public = russian.editions.get().get_absolute_url()
    office = page_of(russian)
    address = {
        "public": public,
        "full": f"https://press.example.org{public}",
        "office": f"http://localhost{office}",
        "query": f" {office}?x=1 ",
    }[which]

    assert send(desk, english, address=address).status_code == 302

    assert set(Translation.objects.values_list("message", flat=True)) == {english.pk, russian.pk}
    assert Event.objects.filter(what="linked").count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "address"),
        ({"address": "/messages/"}, "address"),
        ({"address": "https://example.org"}, "address"),
        ({"address": "/admin/press/statement/99999999999999999999/change/"}, "address"),
        ({"address": "\x00"}, "address"),
        ({"proposed": "99999"}, "proposed"),
    ],
)
def test_what_is_no_message_is_refused_at_its_field(desk, english, russian, fields, field):
    page = send(desk, english, **fields)

    assert list(page.context["form"].errors) == [field]
    assert not Translation.objects.exists()


def test_message_in_the_same_language_is_refused_in_a_sentence(desk, officer, english):
    other = make_live(by=officer)

    page = send(desk, english, address=page_of(other))

    assert page.context["refused"] == "Both are in the same language. A translation is in another one."


def test_linked_draft_keeps_its_language(desk, english, russian):
    assert "language" in fields_of(desk.get(page_of(english)))

    send(desk, english, proposed=str(russian.pk))

    page = desk.get(page_of(english))
    assert page.context["adminform"].readonly_fields == ["language"]
    desk.post(page_of(english), {**fields_of(page), "language": "ru", "title": "Gardens"})
    english.refresh_from_db()
    assert (english.language, english.title) == ("en", "Gardens")
