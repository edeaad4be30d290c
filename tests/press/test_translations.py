"""Translations: each page tells of the other one while both are live, and nothing does before or after."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from lxml import etree, html

from press import exporting, importing
from press.acts import Refused, Seen
from press.models import Event, Message, Translation
from press.translating import link, unlink
from press.withdraw import replace, retract, withdraw
from tests.press.factory import change, make_copies, make_correction, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SITE = "https://press.example.org"
ENGLISH, RUSSIAN = "/messages/2026/05/12/garden/", "/ru/messages/2026/05/12/sad/"


@pytest.fixture(autouse=True)
def noon(freeze, settings):
    """It is noon in London, and the site has its address."""
    settings.SITE_URL = SITE
    freeze(NOON)


@pytest.fixture
def officer():
    """One officer for many messages."""
    return make_officer()


@pytest.fixture
def pair(officer):
    """Call it: an English and a Russian message, linked; the Russian one is released at `at`."""

    def make(at=None):
        english = make_live(title="Garden", slug="garden", by=officer)
        russian = make_live(title="Сад", slug="sad", language="ru", by=officer, at=at)
        link(english, russian, officer)
        return english, russian

    return make


def alternates(client, path):
    """{language: path} of the page's links to itself in other languages."""
    links = html.fromstring(client.get(path).text).xpath("//head/link[@rel='alternate'][@hreflang]")
    return {each.get("hreflang"): each.get("href").removeprefix(SITE) for each in links}


def shown(client, path):
    """(path, language, words) of the links above the text that lead to other languages."""
    links = html.fromstring(client.get(path).text).xpath("//main//header//a[@hreflang]")
    return [(each.get("href"), each.get("hreflang"), each.text) for each in links]


# The link


def test_link_is_of_both_and_in_the_history_of_both(officer):
    english, russian = make_message(by=officer), make_message(language="ru", by=officer)

    link(russian, english, officer)

    assert len(set(Translation.objects.values_list("group", flat=True))) == 1
    assert sorted(Translation.objects.values_list("message", "language")) == [(english.pk, "en"), (russian.pk, "ru")]
    assert [event.words for event in Event.objects.filter(what="linked").order_by("pk")] == [str(english), str(russian)]
    unlink(english, officer)
    assert not Translation.objects.exists()
    assert Event.objects.filter(what="unlinked").count() == 2


def test_link_is_refused_where_it_makes_no_sense(officer):
    english, another = make_message(by=officer), make_message(by=officer)
    russian, other = make_message(language="ru", by=officer), make_message(language="ru", by=officer)
    binned = make_message(language="ru", by=officer)
    Message.objects.filter(pk=binned.pk).update(binned_by=officer, binned_at=NOON)
    link(english, russian, officer)

    for one, two in ((english, another), (english, english), (english, russian), (english, other), (another, russian)):
        with pytest.raises(Refused):
            link(one, two, officer)
    with pytest.raises(Refused, match="bin"):
        link(another, binned, officer)
    with pytest.raises(Refused):
        unlink(another, officer)
    assert Translation.objects.count() == 2


BREAKING = [
    "UPDATE press_message SET language = 'ru'",
    "UPDATE press_translation SET language = 'ru' WHERE language = 'en'",
    "UPDATE press_translation SET message_id = (SELECT max(id) FROM press_message)",
    'INSERT INTO press_translation (message_id, language, "group")'
    " SELECT max(id), 'en', (SELECT \"group\" FROM press_translation LIMIT 1) FROM press_message",
    'INSERT INTO press_translation (message_id, language, "group")'
    " SELECT max(id), 'ru', gen_random_uuid() FROM press_message",
]


def test_database_refuses_what_would_be_no_translation(officer):
    link(make_message(by=officer), make_message(language="ru", by=officer), officer)
    make_message(by=officer)

    for statement in BREAKING:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")


def test_link_moves_the_version_of_what_is_public(officer):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'press_translation'::regclass")
        assert ("press_translation_content_changed",) in cursor.fetchall()


# What readers see


def test_pages_lead_to_each_other_while_both_are_live(client, pair):
    pair()

    pages = {"en": ENGLISH, "ru": RUSSIAN, "x-default": ENGLISH}
    assert alternates(client, ENGLISH) == alternates(client, RUSSIAN) == pages
    assert shown(client, ENGLISH) == [(RUSSIAN, "ru", "Русский: Сад")]
    assert shown(client, RUSSIAN) == [(ENGLISH, "en", "English: Garden")]
    for path, other in ((ENGLISH, RUSSIAN), (RUSSIAN, ENGLISH)):
        links = html.fromstring(client.get(path).text).xpath("//nav[@class='site-nav']//li[@class='language']/a/@href")
        assert links == [other]


PATHS = [
    ENGLISH,
    "/messages/",
    "/",
    "/sitemap-messages-en-2026.xml",
    "/api/messages/?language=en",
    "/feeds/atom.xml",
    "/search/?q=garden",
]


def seen_by_a_stranger(client, path):
    """Everything an answer lets a stranger see, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    return answer.status_code, answer.content, dict(answer.headers), len(queries)


def test_translation_that_is_not_live_leaves_no_trace(client, freeze, officer):
    english = make_live(title="Garden", slug="garden", by=officer)
    for path in PATHS:
        # The first search of a day clears away old counts.
        client.get(path)
    before = [seen_by_a_stranger(client, path) for path in PATHS]

    scheduled = make_live(title="Сад", slug="sad", language="ru", by=officer, at=NOON + MINUTE)
    link(english, scheduled, officer)
    change(scheduled)

    assert [seen_by_a_stranger(client, path) for path in PATHS] == before
    freeze(NOON + MINUTE - timedelta(microseconds=1))
    assert alternates(client, ENGLISH) == {}
    freeze(NOON + MINUTE)
    assert alternates(client, ENGLISH)["ru"] == RUSSIAN


@pytest.mark.parametrize("act", ["withdraw", "retract", "replace"])
def test_translation_that_was_taken_back_leaves_no_trace(client, freeze, officer, pair, act):
    _english, russian = pair()
    other = make_live(title="Другое", language="ru", by=officer)
    freeze(NOON + MINUTE)

    if act == "replace":
        replace(russian, Seen.of(russian), officer, other)
    else:
        {"withdraw": withdraw, "retract": retract}[act](
            russian, Seen.of(russian), officer, *(["Why"] if act == "withdraw" else [])
        )

    assert (alternates(client, ENGLISH), shown(client, ENGLISH)) == ({}, [])
    for path in PATHS:
        assert "sad" not in client.get(path).text
        assert "workTranslation" not in client.get(path).text
    if act != "replace":
        assert "garden" not in client.get(RUSSIAN).text


def test_link_follows_a_correction_to_its_new_address(client, freeze, officer, pair):
    _english, russian = pair()
    freeze(NOON + MINUTE)

    make_correction(russian, title="Сады", slug="sady")

    assert shown(client, ENGLISH) == [("/ru/messages/2026/05/12/sady/", "ru", "Русский: Сады")]


# Machines


def article(client, path):
    """The page's NewsArticle."""
    graph = html.fromstring(client.get(path).text).xpath("//script[@type='application/ld+json']/text()")[0]
    return next(node for node in json.loads(graph)["@graph"] if node["@type"] == "NewsArticle")


def test_structured_data_tell_which_is_the_original(client, freeze, officer):
    russian = make_live(title="Сад", slug="sad", language="ru", by=officer)
    freeze(NOON + MINUTE)
    english = make_live(title="Garden", slug="garden", by=officer)
    link(english, russian, officer)

    original, translated = article(client, RUSSIAN), article(client, ENGLISH)

    assert [work["url"] for work in original["workTranslation"]] == [SITE + ENGLISH]
    assert "translationOfWork" not in original
    assert translated["translationOfWork"]["@id"] == original["@id"]
    assert translated["translationOfWork"]["inLanguage"] == "ru"
    assert "workTranslation" not in translated


def test_text_in_the_sites_first_language_is_the_original_of_two_of_one_moment(client, pair):
    pair()

    assert "workTranslation" in article(client, ENGLISH)
    assert "translationOfWork" in article(client, RUSSIAN)


def test_interface_names_the_translations(client, pair):
    english, russian = pair()

    told = client.get(f"/api/messages/{english.pk}/").json()["translations"]

    assert told == [
        {
            "id": russian.pk,
            "language": "ru",
            "url": SITE + RUSSIAN,
            "api_url": f"{SITE}/api/messages/{russian.pk}/",
        }
    ]
    listed = {each["id"]: each["translations"] for each in client.get("/api/messages/").json()["messages"]}
    assert listed[english.pk] == told
    assert [each["id"] for each in listed[russian.pk]] == [english.pk]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_sitemap_links_both_ways(client, officer, pair, language):
    pair()
    make_live(title="Alone", language=language, by=officer)

    root = etree.fromstring(client.get(f"/sitemap-messages-{language}-2026.xml").content)

    found = [
        {each.get("hreflang"): each.get("href") for each in url.iter("{http://www.w3.org/1999/xhtml}link")}
        for url in root
    ]
    assert found == [{"en": SITE + ENGLISH, "ru": SITE + RUSSIAN, "x-default": SITE + ENGLISH}, {}]


def test_translations_are_found_by_their_indexes_in_a_large_archive(client, officer, pair):
    pair()
    make_copies(make_live(by=officer), 3000)

    with CaptureQueriesContext(connection) as queries:
        client.get(ENGLISH)

    sql = next(query["sql"] for query in queries if "press_translation" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on press_edition " not in plan


# Import and export


def imported(*lines):
    """Import `lines`: (language, name of the group or None)."""
    content = "".join(
        json.dumps(
            {
                "kind": "statement",
                "language": language,
                "title": f"Message {number}",
                "published_at": f"2026-05-0{number + 1}T10:00:00Z",
                **({"translations": name} if name else {}),
                "source": f"old-{number}",
            }
        )
        + "\n"
        for number, (language, name) in enumerate(lines)
    )
    with importing.Checked() as checked:
        importing.check(io.BytesIO(content.encode()), checked)
        importing.release_all(checked)


@pytest.mark.parametrize("batch", [1, 1000])
def test_lines_of_one_name_are_linked_and_exported_as_such(monkeypatch, batch):
    monkeypatch.setattr(importing, "BATCH", batch)

    imported(("en", "a"), ("en", None), ("ru", "a"), ("ru", "alone"))

    titles = {each.group: set() for each in Translation.objects.all()}
    for each in Translation.objects.select_related("message"):
        titles[each.group].add(each.message.title)
    assert list(titles.values()) == [{"Message 0", "Message 2"}]
    file = io.BytesIO()
    exporting.export(file, NOON)
    names = [json.loads(line).get("translations") for line in file.getvalue().splitlines()]
    assert names[0] == names[2]
    assert names[0] is not None
    assert (names[1], names[3]) == (None, None)


def test_two_lines_of_one_name_and_language_are_a_fault():
    with pytest.raises(importing.FaultyFile) as refused:
        imported(("en", "a"), ("ru", "a"), ("en", "a"))

    assert refused.value.faults == ["line 3, translations: names a group that has a text in the language en already"]


def test_export_names_no_translation_that_is_not_live(pair):
    pair(at=NOON + MINUTE)
    file = io.BytesIO()

    exporting.export(file, NOON)

    assert [json.loads(line).get("translations") for line in file.getvalue().splitlines()] == [None]
