"""Topics: kept by the database, met by readers when a text is live, and not a moment before."""

import io
import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from lxml import etree, html

from press import exporting, importing
from press.acts import Seen
from press.content import content_of, content_sha256
from press.models import Edition, EditionTopic, MessageTopic, Topic
from press.recall import recall
from press.versions import restore
from press.withdraw import withdraw
from tests.press.factory import change, make_copies, make_correction, make_live, make_message, make_officer, make_topic

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


@pytest.fixture
def officer():
    """One officer for many messages."""
    return make_officer()


@pytest.fixture
def culture():
    """A topic."""
    return make_topic("culture", "Culture", "Культура")


def titles(answer):
    """What a page lists."""
    return html.fromstring(answer.text).xpath("//ol[@class='rows']//h2/a/text()")


def facts(answer):
    """The topics among a message's facts, as (name, path)."""
    links = html.fromstring(answer.text).xpath("//dl[@class='facts']//a[contains(@class, 'p-category')]")
    return [(link.text, link.get("href")) for link in links]


# What the database keeps


def minutes(moment):
    """The minutes from noon to a moment that may be none."""
    return moment and (moment - NOON) / MINUTE


def rows():
    """(edition's number, slug, from, until in minutes after noon) of all topics of editions."""
    found = EditionTopic.objects.order_by("edition__number", "topic__slug").select_related("edition", "topic")
    return [(row.edition.number, row.topic.slug, minutes(row.live_from), minutes(row.live_until)) for row in found]


def test_edition_keeps_the_topics_it_was_released_with(freeze, officer, culture):
    message = make_live(by=officer, topics=[culture])
    MessageTopic.objects.create(message=message, topic=make_topic("trade", "Trade", "Торговля"))
    change(message)

    assert rows() == [(1, "culture", 0, None)]
    freeze(NOON + MINUTE)
    edition = make_correction(message)
    assert rows() == [(1, "culture", 0, 1), (2, "culture", 1, None), (2, "trade", 1, None)]
    assert (edition.details["topics"], edition.is_intact()) == (["culture", "trade"], True)


def test_hash_covers_the_topics(officer, culture):
    edition = make_live(by=officer, topics=[culture]).editions.get()

    edition.details["topics"] = []

    assert not edition.is_intact()


def test_topics_go_with_a_recalled_edition_and_only_so(officer, culture):
    message = make_live(by=officer, topics=[culture], at=NOON + 9 * MINUTE)
    assert rows() == [(1, "culture", 9, None)]

    recall(message, Seen.of(message), officer)

    assert rows() == []


def test_withdrawal_has_no_topic(freeze, officer, culture):
    message = make_live(by=officer, topics=[culture])
    freeze(NOON + MINUTE)

    withdraw(message, Seen.of(message), officer, "Why")

    assert rows() == [(1, "culture", 0, 1)]


BREAKING = [
    "UPDATE press_topic SET slug = 'other' WHERE slug = 'culture'",
    "UPDATE press_topic SET id = id + 1000 WHERE slug = 'culture'",
    "DELETE FROM press_topic WHERE slug = 'culture'",
    "TRUNCATE press_topic CASCADE",
    "TRUNCATE press_editiontopic",
    "DELETE FROM press_editiontopic",
    "UPDATE press_editiontopic SET topic_id = (SELECT id FROM press_topic WHERE slug = 'trade')",
    "UPDATE press_editiontopic SET live_from = live_from - interval '1 day'",
    "UPDATE press_editiontopic SET live_until = live_from + interval '1 day'",
    "UPDATE press_editiontopic SET language = 'ru'",
    "UPDATE press_editiontopic SET published_at = published_at + interval '1 day'",
    "UPDATE press_editiontopic SET message_id = message_id + 1",
    "INSERT INTO press_editiontopic (edition_id, topic_id, language, published_at, message_id, live_from)"
    " SELECT id, (SELECT id FROM press_topic WHERE slug = 'trade'), language, published_at, message_id, live_from"
    " FROM press_edition",
    "INSERT INTO press_topic (slug, name_en, name_ru, position) VALUES ('Culture', 'A', 'Б', 1)",
    "INSERT INTO press_topic (slug, name_en, name_ru, position) VALUES ('a-', 'A', 'Б', 1)",
    "INSERT INTO press_topic (slug, name_en, name_ru, position) VALUES ('a', '', 'Б', 1)",
    "INSERT INTO press_topic (slug, name_en, name_ru, position) VALUES ('a', E'A\\x01', 'Б', 1)",
    "INSERT INTO press_topic (slug, name_en, name_ru, position) VALUES ('a', 'CULTURE', 'Б', 1)",
]


def test_database_refuses_what_would_change_topics_of_editions(officer, culture):
    make_topic("trade", "Trade", "Торговля")
    make_live(by=officer, topics=[culture])
    before = rows(), list(Topic.objects.values_list("slug", "name_en"))

    for statement in BREAKING:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")

    assert (rows(), list(Topic.objects.values_list("slug", "name_en"))) == before


def test_edition_names_topics_that_are_there(officer, monkeypatch):
    monkeypatch.setattr("press.release.parts_of", lambda message: ([], [], ["nowhere"]))

    with pytest.raises(DatabaseError, match="topics that are there"), transaction.atomic():
        make_live(by=officer)


def test_topic_that_only_drafts_have_may_get_another_address_and_is_not_deleted(officer, culture):
    make_message(by=officer, topics=[culture])

    culture.slug = "culture-and-arts"
    culture.save()

    with pytest.raises(ProtectedError):
        culture.delete()


# Content


def test_topics_are_content_and_their_order_in_lists_is_not(officer, culture):
    message = make_message(by=officer, topics=[culture])
    trade = make_topic("trade", "Trade", "Торговля")
    before = content_sha256(message)

    culture.position = 1
    culture.save()
    assert content_sha256(message) == before
    MessageTopic.objects.create(message=message, topic=trade)

    assert content_sha256(message) != before
    assert content_of(message)["topics"] == [{"topic": culture.pk}, {"topic": trade.pk}]


def test_what_was_approved_before_there_were_topics_stays_approved(officer):
    message = make_message(by=officer)
    before = message.versions.get()
    old = {name: value for name, value in before.content.items() if name != "topics"}

    from press.content import sha256_of  # noqa: PLC0415 — this test alone

    assert sha256_of(old) == before.content_sha256 == content_sha256(message)


def test_restoring_brings_back_the_topics_that_are_still_there(officer, culture):
    trade = make_topic("trade", "Trade", "Торговля")
    message = make_message(by=officer, topics=[culture, trade])
    message.topics.all().delete()
    change(message, title="Another")
    trade.delete()

    restore(message, Seen.of(message), officer, 1)

    assert content_of(message)["topics"] == [{"topic": culture.pk}]


# Pages


def test_message_tells_its_topics_in_their_order(client, officer, culture):
    trade = make_topic("trade", "Trade & industry", "Торговля", position=1)
    make_live(title="First", by=officer, topics=[culture, trade])
    make_live(title="Another", by=officer)

    answer = client.get("/messages/2026/05/12/first/")

    assert facts(answer) == [("Trade & industry", "/messages/topics/trade/"), ("Culture", "/messages/topics/culture/")]
    tags = html.fromstring(answer.text).xpath("//meta[@property='article:tag']/@content")
    assert tags == ["Trade & industry", "Culture"]
    assert (
        "Topics" not in client.get("/messages/2026/05/12/another/").text.partition("</dl>")[2].partition("<footer")[0]
    )


def test_topic_lists_its_messages_in_each_language(client, freeze, officer, culture):
    make_live(title="First", by=officer, topics=[culture])
    make_live(title="Без темы", language="ru", by=officer)
    make_live(title="По-русски", language="ru", by=officer, topics=[culture])
    freeze(NOON + MINUTE)
    make_live(title="Second", by=officer, topics=[culture])
    make_live(title="About nothing", by=officer)

    english, russian = client.get("/messages/topics/culture/"), client.get("/ru/messages/topics/culture/")

    assert (titles(english), titles(russian)) == (["Second", "First"], ["По-русски"])
    headings = [html.fromstring(answer.text).xpath("//h1/text()") for answer in (english, russian)]
    assert headings == [["Culture"], ["Культура"]]
    counts = html.fromstring(client.get("/messages/topics/").text).xpath("//main//li")
    assert [" ".join(each.text_content().split()) for each in counts] == ["Culture 2"]


def seen_by_a_stranger(client, path, slug):
    """Everything an answer lets a stranger see beside what was asked for, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path.format(slug))
    return answer.status_code, answer.content.replace(slug.encode(), b""), dict(answer.headers), len(queries)


PATHS = ["/messages/topics/{}/", "/ru/messages/topics/{}/"] + [
    f"/messages/topics/{{}}/feeds/{name}" for name in ("atom.xml", "rss.xml", "feed.json")
]


@pytest.mark.parametrize("path", PATHS)
def test_topic_of_drafts_and_scheduled_texts_is_like_an_unknown_one(client, freeze, officer, culture, path):
    make_topic("economy", "Economy", "Экономика")
    make_live(by=officer, topics=[culture], at=NOON + MINUTE)
    make_message(by=officer, topics=[culture])
    freeze(NOON + MINUTE - timedelta(microseconds=1))

    scheduled, unused, unknown = (seen_by_a_stranger(client, path, slug) for slug in ("culture", "economy", "unknown"))

    assert scheduled[0] == 404
    assert scheduled == unused == unknown
    assert "Culture" not in client.get("/messages/topics/").text
    freeze(NOON + MINUTE)
    assert client.get(path.format("culture")).status_code == 200


def test_topic_of_a_scheduled_text_is_in_no_filter_and_no_sitemap(client, officer, culture):
    make_live(title="Open garden", by=officer)
    make_live(title="Secret garden", by=officer, topics=[culture], at=NOON + MINUTE)

    for path in ("/search/?q=garden", "/sitemap-pages-en.xml", "/api/messages/", "/messages/archive/", "/"):
        assert "ulture" not in client.get(path).text


@pytest.mark.parametrize("path", PATHS)
def test_topic_keeps_its_page_when_its_last_message_is_withdrawn(client, freeze, officer, culture, path):
    message = make_live(title="First", by=officer, topics=[culture])
    freeze(NOON + MINUTE)
    withdraw(message, Seen.of(message), officer, "Why")

    answer = client.get(path.format("culture"))

    assert answer.status_code == 200
    assert "First" not in answer.text


def test_list_goes_by_its_index_to_the_last_page(client, officer, culture, django_assert_num_queries):
    message = make_live(by=officer, topics=[culture])
    client.get("/messages/topics/culture/")
    with django_assert_num_queries(5):
        client.get("/messages/topics/culture/")
    make_copies(message, 3000, hours_apart=1)

    with django_assert_num_queries(5):
        answer = client.get("/messages/topics/culture/?page=151")

    assert answer.context["page"].paginator.count == 3001
    assert len(titles(answer)) == 1
    keys = EditionTopic.objects.live(NOON).filter(topic=culture, language="en").newest_first().values("edition")
    with connection.cursor() as cursor:
        # Among three thousand PostgreSQL may also sort, as it happens to judge.
        cursor.execute("SET LOCAL enable_sort = off")
    assert "edition_topic_newest" in keys[2000:2020].explain()
    assert client.get("/messages/topics/culture/?page=152").status_code == 404


def test_list_of_topics_is_one_query(client, officer, culture, django_assert_num_queries):
    client.get("/messages/topics/")
    for slug in ("a", "b", "c"):
        make_live(by=officer, topics=[culture, make_topic(slug, slug, slug)])

    with django_assert_num_queries(2):
        answer = client.get("/messages/topics/")

    assert [(topic.slug, count) for topic, count in answer.context["topics"]] == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
        ("culture", 3),
    ]


def test_preview_of_a_draft_tells_its_topics(client, culture):
    officer = make_officer()
    message = make_message(by=officer, topics=[culture])
    client.force_login(officer)

    answer = client.get(f"/admin/press/pressrelease/{message.pk}/preview/")

    assert facts(answer) == [("Culture", "/messages/topics/culture/")]


# Feeds


@pytest.mark.parametrize(("prefix", "name"), [("", "Culture"), ("/ru", "Культура")])
def test_feeds_of_a_topic_hold_its_messages_and_take_back_what_was_withdrawn(
    client, freeze, officer, culture, prefix, name
):
    language = prefix.strip("/") or "en"
    ended = make_live(title="Ended", language=language, by=officer, topics=[culture])
    other = make_live(title="Other", language=language, by=officer)
    make_live(title="First", language=language, by=officer, topics=[culture])
    freeze(NOON + MINUTE)
    for message in (ended, other):
        withdraw(message, Seen.of(message), officer, "Why")
    make_live(title="Later", language=language, by=officer, topics=[culture], at=NOON + 9 * MINUTE)
    address = f"{prefix}/messages/topics/culture/"

    atom, rss = (feedparser.parse(client.get(f"{address}feeds/{kind}.xml").content) for kind in ("atom", "rss"))
    as_json = client.get(f"{address}feeds/feed.json").json()

    assert (atom.bozo, rss.bozo) == (False, False)
    assert [entry.title for entry in atom.entries] == [entry.title for entry in rss.entries] == ["First"]
    assert [item["title"] for item in as_json["items"]] == ["First"]
    assert name in [tag.term for tag in atom.entries[0].tags]
    assert name in as_json["items"][0]["tags"]
    assert atom.feed.title == rss.feed.title == as_json["title"]
    assert atom.feed.title.endswith(f": {name}")
    assert as_json["home_page_url"].endswith(address)
    tombstones = etree.fromstring(client.get(f"{address}feeds/atom.xml").content).findall("{*}deleted-entry")
    assert [each.get("ref").rpartition("/")[2] for each in tombstones] == [str(ended.pk)]


@pytest.mark.parametrize("number", [1, 30])
def test_feed_of_a_topic_takes_few_queries(client, officer, culture, django_assert_num_queries, number):
    for _each in range(number):
        make_live(by=officer, topics=[culture])

    # The topic, its messages' keys, their texts, the names of topics, what was taken back.
    with django_assert_num_queries(5):
        client.get("/messages/topics/culture/feeds/atom.xml")


# Import and export


def imported(*lines):
    """Import `lines`, which give a message's topics as (slug, English name, Russian name)."""
    content = "".join(
        json.dumps(
            {
                "kind": "press-release",
                "language": "en",
                "title": f"Message {number}",
                "published_at": "2026-05-01T10:00:00Z",
                "body": "<p>Text.</p>",
                "topics": [dict(zip(("slug", "name_en", "name_ru"), topic, strict=True)) for topic in topics],
            }
        )
        + "\n"
        for number, topics in enumerate(lines)
    )
    with importing.Checked() as checked:
        importing.check(io.BytesIO(content.encode()), checked)
        importing.release_all(checked)


CULTURE = ("culture", "Culture", "Культура")


def test_import_makes_the_topics_that_are_not_here(culture):
    imported([CULTURE, ("trade", "Trade", "Торговля")], [("culture", "As it is called there", "Как там")], [])

    assert list(Topic.objects.values_list("slug", "name_en", "name_ru").order_by("pk")) == [
        CULTURE,
        ("trade", "Trade", "Торговля"),
    ]
    edition = Edition.objects.get(title="Message 0")
    assert (edition.details["topics"], edition.topic_rows.count()) == (["culture", "trade"], 2)
    version = edition.message.versions.get()
    assert version.content_sha256 == content_sha256(edition.message)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([[CULTURE, CULTURE]], "line 1, topics: has the same slug more than once"),
        ([[CULTURE], [("culture", "Other", "Культура")]], "line 2, topics 1 name_en: is not what an earlier line"),
        ([[CULTURE, ("arts", "CULTURE", "Искусство")]], "line 1, topics 2 name_en: is the name of the topic culture"),
        ([[("Culture", "Culture", "Культура")]], "line 1, topics 1 slug: must be 1 to 60"),
        ([[("a" * 61, "Culture", "Культура")]], "line 1, topics 1 slug: must be 1 to 60"),
        ([[("culture", "", "Культура")]], "line 1, topics 1 name_en: is empty"),
    ],
)
def test_import_refuses_topics_that_contradict_each_other(lines, fault):
    with pytest.raises(importing.FaultyFile) as refused:
        imported(*lines)

    assert [sentence for sentence in refused.value.faults if sentence.startswith(fault)]
    assert not Topic.objects.exists()


def test_export_names_the_topics_so_that_an_empty_site_knows_them(officer, culture):
    make_live(by=officer, topics=[culture, make_topic("trade", "Trade", "Торговля")])
    file = io.BytesIO()

    exporting.export(file, NOON)

    assert json.loads(file.getvalue())["topics"] == [
        {"slug": "culture", "name_en": "Culture", "name_ru": "Культура"},
        {"slug": "trade", "name_en": "Trade", "name_ru": "Торговля"},
    ]
