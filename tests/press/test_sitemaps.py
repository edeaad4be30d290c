from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from lxml import etree

from press import sitemaps
from press.acts import Seen
from press.models import Kind
from press.withdraw import withdraw
from tests.press.factory import change, make_correction, make_live, make_message, make_officer, make_topic

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SITE = "https://press.example.org"
SECTIONS = [f"/sitemap-{section}-{language}.xml" for language in ("en", "ru") for section in ("pages", "news")]
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def noon(freeze, settings):
    """It is noon in London, and the site has its address."""
    settings.SITE_URL = SITE
    freeze(NOON)


@pytest.fixture
def officer():
    """One officer for many messages."""
    return make_officer()


def read(client, path):
    """The root of a sitemap, well-formed and of the right type."""
    answer = client.get(path, headers={"host": "localhost"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml"
    return etree.fromstring(answer.content)


def locations(client, path):
    return [element.text for element in read(client, path).iter(f"{NAMESPACE}loc")]


def test_index_names_every_section_in_each_language(client):
    assert read(client, "/sitemap.xml").tag == f"{NAMESPACE}sitemapindex"
    assert locations(client, "/sitemap.xml") == [f"{SITE}{path}" for path in SECTIONS]


def test_every_section_of_the_index_is_there(client, officer):
    make_live(by=officer)

    for location in locations(client, "/sitemap.xml"):
        assert read(client, location.removeprefix(SITE)).tag == f"{NAMESPACE}urlset"


@pytest.mark.parametrize(("language", "prefix"), [("en", "/"), ("ru", "/ru/")])
def test_pages_are_those_that_are_always_there_and_the_topics(client, officer, language, prefix):
    for code in ("en", "ru"):
        make_live(language=code, topics=[make_topic(f"{code}-only", f"{code} only", f"{code} only")], by=officer)

    found = locations(client, f"/sitemap-pages-{language}.xml")

    others = ["accessibility/", "privacy/", "api/", "consular/"]
    kinds = ["messages/press-releases/", "messages/statements/", "messages/q-and-a/"]
    lists = ["messages/", "messages/archive/", "messages/topics/", "search/"]
    topics = [f"messages/topics/{language}-only/"]
    assert found == [f"{SITE}{prefix}{path}" for path in ("", *lists, *others, *kinds, *topics)]
    for location in found:
        assert client.get(location.removeprefix(SITE)).status_code == 200


def test_messages_are_those_of_a_language_oldest_first(client, freeze, officer):
    for number, language in enumerate(["en", "ru", "en"]):
        freeze(NOON + number * MINUTE)
        make_live(language=language, slug=f"number-{number}", kind=list(Kind)[number], by=officer)

    english, russian = (locations(client, f"/sitemap-messages-{language}-2026.xml") for language in ("en", "ru"))

    assert english == [f"{SITE}/messages/2026/05/12/number-{number}/" for number in (0, 2)]
    assert russian == [f"{SITE}/ru/messages/2026/05/12/number-1/"]
    for location in (*english, *russian):
        assert client.get(urlsplit(location).path).status_code == 200


def test_message_was_changed_when_readers_were_last_told(client, freeze, officer):
    corrected, minor = make_live(slug="corrected", by=officer), make_live(slug="minor", by=officer)
    freeze(NOON + DAY)
    make_correction(corrected, note="Told.")
    make_correction(minor)

    root = read(client, "/sitemap-messages-en-2026.xml")

    assert [(url.findtext(f"{NAMESPACE}loc"), url.findtext(f"{NAMESPACE}lastmod")) for url in root] == [
        (f"{SITE}/messages/2026/05/12/corrected/", "2026-05-13"),
        (f"{SITE}/messages/2026/05/12/minor/", "2026-05-12"),
    ]


def test_messages_are_live_ones_and_nothing_else(client, freeze, officer):
    make_message(title="Draft", by=officer)
    make_live(slug="scheduled", at=NOON + 2 * MINUTE, by=officer)
    ended = make_live(slug="withdrawn", by=officer)
    change(make_live(slug="live", by=officer), slug="newer-draft")
    moved = make_live(slug="old-address", by=officer)
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), officer, "The reason")
    make_correction(moved, slug="new-address")

    live = [f"{SITE}/messages/2026/05/12/{slug}/" for slug in ("live", "new-address")]
    assert locations(client, "/sitemap-messages-en-2026.xml") == live
    freeze(NOON + 2 * MINUTE)
    assert locations(client, "/sitemap-messages-en-2026.xml") == [*live, f"{SITE}/messages/2026/05/12/scheduled/"]


def test_index_names_the_years_that_have_messages_in_a_language(client, freeze, officer):
    for year, language in ((2012, "en"), (2015, "en"), (2015, "ru"), (2016, "ru")):
        freeze(NOON.replace(year=year))
        message = make_live(language=language, slug=f"in-{year}", by=officer)
    freeze(NOON.replace(year=2016) + MINUTE)
    withdraw(message, Seen.of(message), officer, "The reason")
    make_live(language="ru", at=NOON.replace(year=2017), by=officer)
    freeze(NOON.replace(year=2017) - MINUTE)

    years = [path for path in locations(client, "/sitemap.xml") if "messages" in path]

    assert years == [f"{SITE}/sitemap-messages-{year}.xml" for year in ("en-2012", "en-2015", "ru-2015")]
    assert locations(client, "/sitemap-messages-en-2015.xml") == [f"{SITE}/messages/2015/05/12/in-2015/"]


@pytest.mark.parametrize(
    ("moment", "year"), [(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), 2026), (datetime(2027, 1, 1, tzinfo=UTC), 2027)]
)
def test_year_is_that_of_the_date_that_readers_see(client, freeze, officer, moment, year):
    freeze(moment)
    make_live(by=officer)

    assert [path for path in locations(client, "/sitemap.xml") if "messages" in path] == [
        f"{SITE}/sitemap-messages-en-{year}.xml"
    ]
    assert len(locations(client, f"/sitemap-messages-en-{year}.xml")) == 1


def test_sitemap_holds_no_more_than_it_may(client, freeze, officer, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 2)
    for number in range(3):
        freeze(NOON + number * MINUTE)
        make_live(slug=f"number-{number}", by=officer)

    assert locations(client, "/sitemap-messages-en-2026.xml") == [
        f"{SITE}/messages/2026/05/12/number-{number}/" for number in (0, 1)
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap-messages-en.xml?p=2",
        "/sitemap-messages-en.xml?p=0",
        "/sitemap-messages-en.xml?p=x",
        "/sitemap-messages-de.xml",
        "/sitemap-drafts-en.xml",
    ],
)
def test_sitemap_that_does_not_exist_is_a_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    # When the years changed, for each language; the topics; whether a year has messages, and which.
    [
        ("/sitemap.xml", 2),
        ("/sitemap-news-en.xml", 1),
        ("/sitemap-pages-en.xml", 1),
        ("/sitemap-messages-en-2026.xml", 2),
        ("/sitemap-messages-ru-2026.xml", 2),
    ],
)
def test_sitemap_takes_the_same_few_queries_however_many_messages(
    client, officer, django_assert_num_queries, path, queries, number
):
    for language in ("en", "ru"):
        for _each in range(number):
            make_live(language=language, by=officer)

    with django_assert_num_queries(queries):
        found = locations(client, path)

    assert len(found) == {"/sitemap.xml": 6, "/sitemap-pages-en.xml": 12}.get(path, number)


def test_index_says_when_messages_of_a_year_last_changed(client, freeze, officer):
    freeze(NOON.replace(year=2025))
    first, _second = make_live(by=officer), make_live(by=officer)
    freeze(NOON)
    newest = make_live(by=officer)
    freeze(NOON + DAY)
    make_correction(first, note="Told.")
    make_correction(newest, at=NOON + 2 * DAY, note="Not yet.")

    changed = {
        element.findtext(f"{NAMESPACE}loc"): element.findtext(f"{NAMESPACE}lastmod")
        for element in read(client, "/sitemap.xml")
    }

    assert changed == {
        f"{SITE}/sitemap-pages-en.xml": None,
        f"{SITE}/sitemap-messages-en-2025.xml": "2026-05-13T12:00:00+01:00",
        f"{SITE}/sitemap-messages-en-2026.xml": "2026-05-12T12:00:00+01:00",
        f"{SITE}/sitemap-news-en.xml": None,
        f"{SITE}/sitemap-pages-ru.xml": None,
        f"{SITE}/sitemap-news-ru.xml": None,
    }


def test_news_are_those_of_two_days_newest_first(client, freeze, officer):
    make_live(slug="old", by=officer)
    freeze(NOON + MINUTE)
    make_live(slug="first", title="A <b> & co", by=officer)
    make_live(slug="russian", language="ru", by=officer)
    freeze(NOON + 2 * DAY)
    make_live(slug="last", by=officer)
    make_live(slug="scheduled", at=NOON + 2 * DAY + MINUTE, by=officer)

    root = read(client, "/sitemap-news-en.xml")

    news = "{http://www.google.com/schemas/sitemap-news/0.9}"
    assert [url.findtext(f"{NAMESPACE}loc") for url in root] == [
        f"{SITE}/messages/2026/05/14/last/",
        f"{SITE}/messages/2026/05/12/first/",
    ]
    told = [
        element.text
        for element in root[1].iter(f"{news}name", f"{news}language", f"{news}publication_date", f"{news}title")
    ]
    assert told == ["Embassy Press Office", "en", "2026-05-12T12:01:00+01:00", "A <b> & co"]


def test_news_are_a_thousand_at_most(client, freeze, officer, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 2)
    for number in range(3):
        freeze(NOON + number * MINUTE)
        make_live(slug=f"number-{number}", by=officer)

    found = [location[-9:-1] for location in locations(client, "/sitemap-news-en.xml")]

    assert found == ["number-2", "number-1"]
