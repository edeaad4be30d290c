"""Topics in the office: chosen in the form of a message, kept by whoever may."""

import pytest
from django.urls import reverse

from press.content import as_data, content_of
from press.models import Topic
from press.posted import as_querydict, content_of_form, with_values
from press.unsaved import offers
from tests.press.admin.desk import content, errors_of, fields_of, page_of
from tests.press.factory import make_live, make_message, make_officer, make_topic

pytestmark = pytest.mark.django_db

ADD, LIST = "admin:press_topic_add", "admin:press_topic_changelist"


@pytest.fixture
def culture():
    """A topic."""
    return make_topic("culture", "Culture", "Культура")


def change_page(topic):
    return reverse("admin:press_topic_change", args=[topic.pk])


def fields(**given):
    return {"name_en": "Trade", "name_ru": "Торговля", "slug": "trade", "position": "1", **given}


def test_officer_adds_a_topic_and_does_not_rename_one(desk, culture):
    assert desk.post(reverse(ADD), fields(name_en=" Trade\tand  industry ")).status_code == 302

    assert Topic.objects.get(slug="trade").name_en == "Trade and industry"
    assert desk.post(change_page(culture), fields()).status_code == 403
    assert desk.post(reverse("admin:press_topic_delete", args=[culture.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slug": "Trade"}, "Small letters, digits and single hyphens between them, please."),
        ({"slug": "culture"}, "Topic with this Address already exists."),
        ({"name_ru": "КУЛЬТУРА"}, "Another topic has this name."),
        ({"name_en": " "}, "This field is required."),
    ],
)
def test_form_refuses_what_the_database_would(desk, culture, given, sentence):
    assert errors_of(desk.post(reverse(ADD), fields(**given))) == [sentence]


def test_approver_renames_a_topic_and_keeps_its_address(client, officer, culture):
    client.force_login(make_officer("Approvers"))
    make_live(by=officer, topics=[culture])

    page = client.get(change_page(culture))
    assert page.context["adminform"].readonly_fields == ["slug"]
    client.post(change_page(culture), fields(slug="other"))

    culture.refresh_from_db()
    assert (culture.slug, culture.name_en) == ("culture", "Trade")
    assert Topic.objects.filter(slug="other").count() == 0


def test_topic_is_deleted_only_while_nothing_uses_it(client, officer, culture):
    client.force_login(make_officer("Approvers"))
    used = make_topic("used", "Used", "Занятая")
    make_message(by=officer, topics=[used])

    for topic, status in ((used, 403), (culture, 302)):
        page = reverse("admin:press_topic_delete", args=[topic.pk])
        assert client.post(page, {"post": "yes"}).status_code == status

    assert [topic.slug for topic in Topic.objects.all()] == ["used"]


def test_list_counts_drafts_and_editions(desk, officer, culture, django_assert_max_num_queries):
    for _number in range(2):
        make_live(by=officer, topics=[culture])
    make_message(by=officer, topics=[culture])

    with django_assert_max_num_queries(8):
        rows = desk.get(reverse(LIST)).context["cl"].result_list

    assert [(row.message_count, row.edition_count) for row in rows] == [(3, 2)]


# In the form of a message


def test_topics_are_ticked_and_unticked_and_each_is_a_version(desk, officer, culture):
    trade = make_topic("trade", "Trade", "Торговля")
    message = make_message(by=officer)
    opened = fields_of(desk.get(page_of(message)))
    assert opened["topics"] == ""

    desk.post(page_of(message), {**opened, "topics": ["", culture.pk, trade.pk]})
    message.refresh_from_db()
    assert (message.version, content_of(message)["topics"]) == (2, [{"topic": culture.pk}, {"topic": trade.pk}])

    opened = fields_of(desk.get(page_of(message)))
    assert opened["topics"] == ["", culture.pk, trade.pk]
    desk.post(page_of(message), opened)
    message.refresh_from_db()
    assert message.version == 2
    desk.post(page_of(message), {**opened, "topics": ["", trade.pk]})
    message.refresh_from_db()
    assert (message.version, content_of(message)["topics"]) == (3, [{"topic": trade.pk}])


def test_new_message_has_the_topics_that_were_ticked(desk, culture):
    desk.post(reverse("admin:press_pressrelease_add"), content(topics=["", culture.pk]))

    message = culture.message_topics.get().message
    assert message.versions.get().content["topics"] == [{"topic": culture.pk}]


def test_form_that_was_opened_before_there_were_topics_takes_none_away(desk, officer, culture):
    message = make_message(by=officer, topics=[culture])
    opened = fields_of(desk.get(page_of(message)))
    del opened["topics"]

    desk.post(page_of(message), {**opened, "title": "Another"})

    message.refresh_from_db()
    assert (message.title, content_of(message)["topics"]) == ("Another", [{"topic": culture.pk}])


def test_unticked_topic_is_an_unsaved_difference_and_comes_back_into_the_form(desk, officer, culture):
    trade = make_topic("trade", "Trade", "Торговля")
    message = make_message(by=officer, topics=[culture])
    opened = fields_of(desk.get(page_of(message)))
    address = page_of(message, "unsaved")

    desk.post(address, {**opened, "topics": ["", trade.pk], "unsaved_turn": "1"})

    user = desk.get(page_of(message)).wsgi_request.user
    (offer,) = offers(user, message.kind, message, desk.get(page_of(message)).wsgi_request.at)
    assert [difference.name for difference in offer.differences] == ["topics"]
    runs = [(run.act, run.text) for stretch in offer.differences[0].stretches for line in stretch.lines for run in line]
    assert ("deleted", "Culture") in runs
    assert ("inserted", "Trade") in runs
    reopened = desk.get(f"{page_of(message)}?unsaved={offer.token}")
    assert [str(key) for key in fields_of(reopened)["topics"] if key] == [str(trade.pk)]


def test_texts_put_together_have_the_topics_that_were_chosen(officer, culture):
    trade = make_topic("trade", "Trade", "Торговля")
    message = make_message(by=officer, topics=[culture])
    posted = as_querydict([("title", "Mine"), ("topics", ""), ("topics", str(trade.pk))])

    said = content_of_form(posted, message.kind)
    merged = with_values(posted, ["topics"], as_data(content_of(message)), message)

    assert said["topics"] == [{"topic": trade.pk}]
    assert merged.getlist("topics") == ["", str(culture.pk)]


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "٣"])
def test_topic_that_is_none_is_refused(desk, officer, culture, value):
    message = make_message(by=officer)
    opened = fields_of(desk.get(page_of(message)))

    assert errors_of(desk.post(page_of(message), {**opened, "topics": ["", value]}))
    assert content_of_form(as_querydict([("topics", value)]), message.kind)["topics"] == []
