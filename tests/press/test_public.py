"""Nothing but what is live: every public address, before, at and after the moments that matter."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from embassy import clock
from embassy.page_cache.gate import is_kept
from embassy.page_cache.pages import Pages
from embassy.routes import match_of
from press.acts import Seen
from press.embargo.asking import connected
from press.models import Edition, Feature, Kind, Message, MessageTopic
from press.translating import link
from press.withdraw import replace, retract, withdraw
from tests.conftest import set_database_clock
from tests.press.factory import change, make_correction, make_live, make_message, make_officer, make_topic

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WORKING_COPY = (
    "press_message",
    "press_exchange",
    "press_signatory",
    "press_photo",
    "press_attachment",
    "press_storedfile",
    "press_messagetopic",
    "consular_contactinfo",
    "consular_phone",
    "consular_emailaddress",
    "consular_service",
    "consular_openinghours",
    "consular_exceptionalday",
    "consular_document",
    "consular_notice",
)
WORDS = {
    "draft": "Zdraftz",
    "scheduled": "Zscheduledz",
    "superseded": "Zsupersededz",
    "correction": "Zcorrectionz",
    "withdrawn": "Zwithdrawnz",
    "retracted": "Zretractedz",
    "replaced": "Zreplacedz",
    "newer": "Znewerz",
    # Of a topic that only a draft and a scheduled text have.
    "topic": "Ztopicz",
}
# Every name of a public address, so that a new one cannot be forgotten here.
# The office's, though strangers reach them: a draft is opened with a key (tests/press/test_sharing.py).
OFFICE = {"shared_preview", "shared_file"}
API_NAMES = {"api_messages", "api_message", "api_unknown"}
MACHINES = {"healthz", "readyz", "robots", "favicon", "security"}
# Words that stand in all of them, so that nothing that is not live is found by any.
SEARCH = "/search/?q=text+or+title+or+teaser+or+reason+or+answer+or+corrected+or+open"
LISTS = {
    "press:home": ["/"],
    "press:list": ["/messages/"],
    "press:kind": [f"/messages/{kind.slug}/" for kind in Kind],
    "press:year": ["/messages/2026/"],
    "press:month": ["/messages/2026/05/"],
    "press:kind_year": [f"/messages/{kind.slug}/2026/" for kind in Kind],
    "press:kind_month": [
        "/messages/press-releases/2026/05/",
        "/messages/statements/2026/05/",
        "/messages/q-and-a/2026/05/",
    ],
    "press:archive": ["/messages/archive/"],
    "press:topics": ["/messages/topics/"],
    "press:topic": ["/messages/topics/culture/"],
    "press:topic_atom": ["/messages/topics/culture/feeds/atom.xml"],
    "press:topic_rss": ["/messages/topics/culture/feeds/rss.xml"],
    "press:topic_json": ["/messages/topics/culture/feeds/feed.json"],
    "press:search": ["/search/", SEARCH, f"{SEARCH}&topic=culture"],
    "press:atom": ["/feeds/atom.xml"],
    "press:rss": ["/feeds/rss.xml"],
    "press:kind_atom": [f"/messages/{kind.slug}/feeds/atom.xml" for kind in Kind],
    "press:kind_rss": [f"/messages/{kind.slug}/feeds/rss.xml" for kind in Kind],
    "press:json": ["/feeds/feed.json"],
    "press:kind_json": [f"/messages/{kind.slug}/feeds/feed.json" for kind in Kind],
    "press:api": ["/api/"],
    "press:accessibility": ["/accessibility/"],
    "press:privacy": ["/privacy/"],
    "consular:contact": ["/consular/"],
    "consular:closures": ["/consular/closures.ics"],
    "consular:status": ["/consular/status.json"],
}
SITEMAPS = ["/sitemap.xml"] + [
    f"/sitemap-{section}.xml"
    for language in ("en", "ru")
    for section in (f"pages-{language}", f"messages-{language}-2026", f"news-{language}")
]
API = ["/api/messages/", "/api/messages/?topic=culture", "/api/messages/?limit=100&year=2026&language=ru"] + [
    f"/api/messages/?kind={kind.value}" for kind in Kind
]
MESSAGES = ["/messages/2026/05/12/open/", "/messages/2026/05/12/corrected/", "/messages/2026/05/12/ended/"]
ADDRESSES = [path for paths in LISTS.values() for path in paths] + MESSAGES
PUBLIC = [prefix + path for prefix in ("", "/ru") for path in ADDRESSES] + SITEMAPS + API


def names_of(patterns, namespace=""):
    """The names of all addresses below `patterns`, the office's left out."""
    for pattern in patterns:
        if not namespace and str(pattern.pattern).startswith(settings.ADMIN_PATH):
            # The office's; its views are tried as strangers in tests of their own.
            continue
        if isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else pattern.name
        else:
            yield from names_of(pattern.url_patterns, pattern.namespace or namespace)


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker):
    """The office of all tests here, in a transaction around theirs: to make it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:

            def freeze(at):
                patch.setattr(clock, "now", lambda: at)
                set_database_clock(f"SELECT '{at.isoformat()}'::timestamptz")

            make_office(freeze)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def office(made_once, freeze):
    """The office, and a function that sets the clocks."""
    return freeze


def make_office(freeze):
    """In each language and kind: a draft, a scheduled, a corrected, a withdrawn and a changed message.

    Each is linked with one in the other language: two live ones, and live ones with what is not live.
    """
    by, made = make_officer(), {}
    freeze(NOON - 2 * MINUTE)
    culture, hidden = make_topic("culture", "Culture", "Культура"), make_topic("ztopicz", "Ztopicz", "Ztopicz-ru")
    for language in ("en", "ru"):
        for number, kind in enumerate(Kind):
            fields = {"kind": kind, "language": language, "by": by}
            text = {"title": "{} title", "teaser": "{} teaser", "body": "<p>{} text</p>"}

            def worded(name, fields=fields, text=text):
                return {**fields, **{key: value.format(WORDS[name]) for key, value in text.items()}}

            first = "" if number == 0 else f"-{number}"
            make_message(
                **worded("draft"),
                questions=[(WORDS["draft"], "<p>Answer</p>")],
                signatories=[WORDS["draft"]],
                topics=[culture, hidden],
            )
            changed = make_live(**fields, title="Open", body="<p>Open text</p>", slug=f"open{first}", topics=[culture])
            change(changed, **worded("newer"))
            topics = [culture, hidden]
            scheduled = make_live(**worded("scheduled"), slug=f"secret{first}", at=NOON + MINUTE, topics=topics)
            corrected = make_live(**worded("superseded"), slug=f"corrected{first}", topics=[culture])
            MessageTopic.objects.create(message=changed, topic=hidden)
            ended = make_live(**worded("withdrawn"), slug=f"ended{first}", topics=[culture])
            wrong = make_live(**worded("retracted"), slug=f"wrong{first}", topics=[culture])
            moved = make_live(**worded("replaced"), slug=f"moved{first}", topics=[culture])
            freeze(NOON - MINUTE)
            retract(wrong, Seen.of(wrong), by)
            replace(moved, Seen.of(moved), by, changed)
            make_correction(corrected, title="Corrected", teaser="", body="<p>Now.</p>", note="Told.")
            withdraw(ended, Seen.of(ended), ended.author, "The reason")
            make_correction(
                corrected,
                at=NOON + MINUTE,
                **worded("correction"),
                slug=f"elsewhere{first}",
                note=WORDS["correction"],
            )
            for message in (scheduled, ended):
                Feature.objects.create(message=message, starts_at=NOON - MINUTE, ends_at=NOON + 9 * MINUTE, set_by=by)
            freeze(NOON - 2 * MINUTE)
            made[language, kind] = changed, corrected, scheduled, ended
    for kind in Kind:
        (changed, corrected, _scheduled, ended), others = made["en", kind], made["ru", kind]
        for one, other in ((changed, others[0]), (corrected, others[2]), (ended, others[1])):
            link(one, other, by)


def test_every_public_address_is_walked_here():
    names = set(names_of(get_resolver().url_patterns)) - OFFICE

    others = {"press:message", "consular:card", "file", "sitemap", "sitemap_section", "sitemap_messages", *API_NAMES}
    assert names == {*LISTS} | others | MACHINES


# A favicon's address is a redirect, a part of the sitemap is large and asked for by robots alone, every search is
# counted, files have a gate of their own, an unknown address of the interface is an error, and two say themselves how
# long they hold: the status, in seconds until the minute ends, names the second at which it was asked.
NOT_KEPT = {
    "healthz",
    "readyz",
    "favicon",
    "sitemap_section",
    "sitemap_messages",
    "press:search",
    "file",
    "api_unknown",
}
NOT_KEPT |= {"security", "consular:status"}


def test_public_pages_are_kept_unless_there_is_a_reason():
    assert settings.KEPT_PAGES.keys() == set(names_of(get_resolver().url_patterns)) - OFFICE - NOT_KEPT


def answer_of(application, path):
    """The status, headers and content that a WSGI application answers a stranger with."""
    path, _, query = path.partition("?")
    started = []
    environ = RequestFactory().get(path, QUERY_STRING=query).environ
    content = b"".join(application(environ, lambda status, headers: started.append((status, sorted(headers)))))
    return *started[0], content


def test_page_that_is_kept_is_what_django_answers(office):
    """Each with each status there is: pages, what was moved, taken back or never there."""
    office(NOON)
    others = [f"/messages/2026/05/12/{slug}/" for slug in ("wrong", "moved", "secret", "none")]
    others += ["/robots.txt", "/consular/office-1.vcf"] + [
        f"/api/messages/{message.pk}/" for message in Message.objects.all()
    ]
    paths = [path for path in [*PUBLIC, *others] if is_kept(*path.partition("?")[::2])]
    django, pages = WSGIHandler(), Pages()

    with connected():
        expected = {path: answer_of(django, path) for path in paths}
        answers = {path: answer_of(pages, path) for path in paths}

    assert answers == expected
    assert {match_of(path.partition("?")[0]).view_name for path in paths} >= settings.KEPT_PAGES.keys()
    assert {int(status[:3]) for status, _headers, _content in answers.values()} == {200, 301, 404, 410}


def leaked(client, paths):
    """What must not show and does, by path."""
    texts = {path: client.get(path).content.decode() for path in paths}
    words = [*WORDS.values(), "secret", "elsewhere"]
    found = {path: [word for word in words if word.lower() in text.lower()] for path, text in texts.items()}
    return {path: words for path, words in found.items() if words}


def test_public_addresses_read_no_working_copy(client, office):
    office(NOON)
    statements = []

    for path in PUBLIC:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        statements += [query["sql"] for query in queries]

    assert len(statements) > len(PUBLIC)
    assert [sql for sql in statements if any(f'"{table}"' in sql for table in WORKING_COPY)] == []


def test_tables_public_addresses_read_move_the_version_of_what_is_public(client, office):
    """A kept page would outlive a change of a table that has no such trigger (embassy.content_version)."""
    office(NOON)
    with CaptureQueriesContext(connection) as queries:
        for path in PUBLIC:
            if "search" not in path:
                client.get(path)
    read = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'content_changed'::regproc")
        moving = {table for (table,) in cursor.fetchall()}

    assert {"press_edition", "press_address", "press_feature", "press_topic", "press_editiontopic"} <= read
    assert {"press_translation", "consular_consularedition"} <= read
    assert read - moving == set()


@pytest.mark.parametrize("moment", [NOON, NOON + MINUTE - timedelta(microseconds=1)])
def test_public_addresses_show_nothing_that_is_not_live(client, office, moment):
    office(moment)

    assert leaked(client, PUBLIC) == {}


def test_search_knows_no_word_that_is_not_live(client, office):
    office(NOON)

    def seen(prefix, words):
        status, content, headers, queries = seen_by_a_stranger(client, f"{prefix}/search/?q={words}")
        del headers["Content-Length"]
        return status, content.replace(words.encode(), b""), headers, queries

    for prefix in ("", "/ru"):
        # The first search of a day clears away old counts.
        seen(prefix, "first")
        unknown = seen(prefix, "unknown")
        known = [word for word in [*WORDS.values(), "secret"] if seen(prefix, word) != unknown]
        assert known == [], prefix
        assert seen(prefix, "Open") != unknown


def test_scheduled_texts_appear_on_the_minute_wherever_messages_are_listed(client, office):
    office(NOON + MINUTE)
    lists = [
        path for path in PUBLIC if "messages" in path or "feeds" in path or path in {"/", "/ru/"} or SEARCH in path
    ]
    # The archive and the list of topics count messages and show none.
    lists = [path for path in lists if not path.startswith("/sitemap") and "2026/05/12" not in path]
    lists = [path for path in lists if not path.endswith(("/archive/", "/topics/"))]

    shown = leaked(client, lists)

    assert shown.keys() == set(lists)
    assert all({WORDS["scheduled"], WORDS["correction"]} <= set(words) for words in shown.values())
    never = {word for name, word in WORDS.items() if name not in {"scheduled", "correction", "topic"}}
    assert not any(never & set(words) for words in shown.values())
    assert leaked(client, ["/sitemap-messages-en-2026.xml"]) == {
        "/sitemap-messages-en-2026.xml": ["secret", "elsewhere"]
    }


def seen_by_a_stranger(client, path):
    """Everything an answer lets a stranger see, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    return answer.status_code, answer.content, dict(answer.headers), len(queries)


@pytest.mark.parametrize("moment", [NOON, NOON + MINUTE - timedelta(microseconds=1)])
def test_no_message_tells_programs_what_is_not_live(client, office, moment):
    office(moment)
    paths = [f"/api/messages/{key}/" for key in Message.objects.values_list("pk", flat=True)]

    statuses = [client.get(path).status_code for path in paths]

    # Of each kind in each language: draft, open, scheduled, corrected, withdrawn, in error, replaced.
    assert sorted(statuses) == [200] * 12 + [404] * 12 + [410] * 18
    assert leaked(client, paths) == {}


def test_address_of_what_was_taken_back_tells_nothing_of_it(client, office):
    office(NOON)
    names = {WORDS["withdrawn"], WORDS["retracted"], WORDS["replaced"]}
    conditions = ({}, {"if-none-match": "*"}, {"range": "bytes=0-9"})
    told = {}

    for path in [
        f"{prefix}/messages/2026/05/12/{slug}/" for prefix in ("", "/ru") for slug in ("ended", "wrong", "moved")
    ]:
        for headers in conditions:
            answer = client.get(path, headers=headers)
            seen = (answer.content.decode() + str(answer.headers)).lower()
            told[path, *headers] = {name for name in names if name.lower() in seen}

    assert len(told) == 18
    assert {where: what for where, what in told.items() if what} == {}


def test_scheduled_message_is_like_an_unknown_one_to_programs(client, office):
    office(NOON)
    scheduled = Edition.objects.filter(address__slug="secret").first().message_id

    def seen(number):
        status, content, headers, queries = seen_by_a_stranger(client, f"/api/messages/{number}/")
        return status, content, headers, queries

    assert seen(scheduled)[0] == 404
    assert seen(scheduled) == seen(10**9)


def test_scheduled_address_is_like_an_unknown_one(client, office):
    office(NOON)

    def seen(slug):
        path = f"/messages/2026/05/12/{slug}/"
        status, content, headers, queries = seen_by_a_stranger(client, path)
        return status, content.replace(path.encode(), b""), headers, queries

    assert seen("secret")[0] == 404
    assert seen("secret") == seen("unknwn") == seen("elsewhere")
