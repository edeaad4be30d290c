import json
from datetime import UTC, date, datetime

import pytest
from lxml import html

from press.models import Kind
from tests.consular.factory import make_office, publish
from tests.press.factory import make_correction, make_live, make_message, make_officer
from tests.schema_org import vocabulary

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
SITE = "https://press.example.org"


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
    """The nodes of a page's JSON-LD by type; there is one block at most."""
    blocks = html.fromstring(client.get(path).text).xpath("//script[@type='application/ld+json']")
    assert len(blocks) <= 1
    told = json.loads(blocks[0].text) if blocks else {"@graph": []}
    graph = told.get("@graph", [told])
    return {node["@type"]: node for node in graph}


def test_home_is_the_missions(client):
    for prefix, name in (("/", "Embassy Press Office"), ("/ru/", "Пресс-служба посольства")):
        nodes = read(client, prefix)

        assert set(nodes) == {"GovernmentOrganization", "WebSite"}
        assert nodes["GovernmentOrganization"]["name"] == name
        assert nodes["WebSite"]["url"] == SITE + prefix
        assert nodes["WebSite"]["potentialAction"]["target"]["urlTemplate"] == f"{SITE}{prefix}search/?q={{words}}"


def test_message_is_a_news_article(client, freeze, officer):
    message = make_live(title="A </script> & <b>", teaser="A teaser.", slug="one", by=officer)
    freeze(NOON.replace(hour=15))
    make_correction(message, note="Told.")

    article = read(client, "/messages/2026/05/12/one/")["NewsArticle"]

    mission = {"@type": "GovernmentOrganization", "@id": f"{SITE}/#mission", "name": "Embassy Press Office"}
    assert article == {
        "@type": "NewsArticle",
        "@id": f"{SITE}/messages/2026/05/12/one/#message",
        "headline": "A </script> & <b>",
        "description": "A teaser.",
        "url": f"{SITE}/messages/2026/05/12/one/",
        "mainEntityOfPage": f"{SITE}/messages/2026/05/12/one/",
        "datePublished": "2026-05-12T12:00:00+01:00",
        "dateModified": "2026-05-12T16:00:00+01:00",
        "inLanguage": "en",
        "articleSection": "Press releases",
        "isAccessibleForFree": True,
        "author": mission,
        "publisher": mission,
    }


def test_both_sides_are_authors_of_a_joint_statement(client, officer):
    make_live(
        kind=Kind.STATEMENT, slug="joint", signatories=["Garden A", "Garden B"], signed_in="Kew",
        signed_on=date(2026, 5, 11), by=officer,
    )  # fmt: skip
    make_live(kind=Kind.STATEMENT, slug="single", signatories=["Garden A"], by=officer)

    joint = read(client, "/messages/2026/05/12/joint/")["NewsArticle"]
    single = read(client, "/messages/2026/05/12/single/")["NewsArticle"]

    assert [author["name"] for author in joint["author"]] == ["Garden A", "Garden B"]
    assert joint["locationCreated"] == {"@type": "Place", "name": "Kew"}
    assert single["author"]["@type"] == "GovernmentOrganization"


def test_questions_are_parts_of_a_q_and_a(client, officer):
    make_live(kind=Kind.Q_AND_A, slug="qa", questions=[("<p>Why &amp; how?</p>", "<p>So.</p><p>Thus.</p>")], by=officer)

    parts = read(client, "/messages/2026/05/12/qa/")["NewsArticle"]["hasPart"]

    assert parts == [
        {
            "@type": "Question",
            "@id": f"{SITE}/messages/2026/05/12/qa/#q1",
            "name": "Why & how?",
            "acceptedAnswer": {"@type": "Answer", "text": "So.\nThus."},
        }
    ]


def test_breadcrumbs_lead_from_home_to_the_page(client, officer):
    make_live(slug="one", by=officer)

    crumbs = read(client, "/messages/press-releases/2026/05/")["BreadcrumbList"]["itemListElement"]

    assert [(crumb["position"], crumb["name"], crumb["item"]["@id"]) for crumb in crumbs] == [
        (1, "Home", f"{SITE}/"),
        (2, "All messages", f"{SITE}/messages/"),
        (3, "Press releases", f"{SITE}/messages/press-releases/"),
        (4, "2026", f"{SITE}/messages/press-releases/2026/"),
        (5, "May 2026", f"{SITE}/messages/press-releases/2026/05/"),
    ]


def test_preview_says_nothing_to_machines(client, officer):
    message = make_message(by=officer)
    client.force_login(officer)

    text = client.get(f"/admin/press/pressrelease/{message.pk}/preview/").text

    assert "application/ld+json" not in text
    assert "hreflang" not in text.partition("<body>")[0]
    assert "Cite this" not in text


def test_what_is_said_is_schema_orgs(client, officer):
    make_office(hours=[(1, "09:00", "12:00")])
    publish()
    make_live(slug="release", by=officer)
    make_live(kind=Kind.STATEMENT, slug="joint", signatories=["Garden A", "Garden B"], signed_in="Kew", by=officer)
    make_live(kind=Kind.Q_AND_A, slug="qa", questions=[("<p>Why?</p>", "<p>So.</p>")], language="ru", by=officer)
    known = vocabulary()
    pages = [
        "/", "/ru/", "/messages/", "/messages/2026/05/12/release/", "/messages/2026/05/12/joint/",
        "/ru/messages/2026/05/12/qa/", "/search/", "/consular/",
    ]  # fmt: skip

    faults = {path: [fault for node in read(client, path).values() for fault in known.faults(node)] for path in pages}

    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "NewsArtikel"}, "$: no type NewsArtikel"),
        ({"@type": "NewsArticle", "headlines": "A"}, "$: NewsArticle has no headlines"),
        ({"@type": "NewsArticle", "author": {"@type": "Place"}}, "$.author: no Place there"),
        ({"@type": "NewsArticle", "author": {"@type": "Person", "sauce": 1}}, "$.author: Person has no sauce"),
        ({"@type": "NewsArticle", "hasPart": "A"}, "$.hasPart: 'A' where ['CreativeWork', 'IdReference'] belong"),
    ],
)
def test_check_finds_what_is_wrong(node, fault):
    assert vocabulary().faults(node) == [fault]


def heads(client, path):
    """(relation, language or type, address) of the links in the head that lead to other addresses."""
    links = html.fromstring(client.get(path).text).xpath("//head/link[@rel='alternate' or @rel='canonical']")
    return [(link.get("rel"), link.get("hreflang"), link.get("href")) for link in links if link.get("type") is None]


@pytest.mark.parametrize(
    "path", ["", "messages/", "messages/archive/", "messages/statements/", "consular/", "search/", "privacy/", "api/"]
)
def test_page_and_its_translation_name_each_other(client, path):
    both = {
        ("alternate", "en", f"{SITE}/{path}"),
        ("alternate", "ru", f"{SITE}/ru/{path}"),
        ("alternate", "x-default", f"{SITE}/{path}"),
    }

    assert set(heads(client, f"/{path}")) == both | {("canonical", None, f"{SITE}/{path}")}
    assert set(heads(client, f"/ru/{path}")) == {
        *(both - {("alternate", "x-default", f"{SITE}/{path}")}),
        ("alternate", "x-default", f"{SITE}/{path}"),
        ("canonical", None, f"{SITE}/ru/{path}"),
    }


@pytest.mark.parametrize("path", ["messages/2026/", "messages/2026/05/12/one/", "search/?q=message"])
def test_page_that_may_not_exist_in_the_other_language_names_none(client, officer, path):
    make_live(slug="one", by=officer)

    assert [link for link in heads(client, f"/{path}") if link[0] == "alternate"] == []


def test_open_graph_tells_of_a_message(client, officer):
    make_live(title='"A" & <b>', teaser="A teaser.", slug="one", by=officer)

    root = html.fromstring(client.get("/messages/2026/05/12/one/").text)

    told = {meta.get("property"): meta.get("content") for meta in root.xpath("//head/meta[@property]")}
    assert told == {
        "og:site_name": "Embassy Press Office",
        "og:type": "article",
        "og:title": '"A" & <b>',
        "og:description": "A teaser.",
        "og:url": f"{SITE}/messages/2026/05/12/one/",
        "og:locale": "en_GB",
        "article:published_time": "2026-05-12T12:00:00+01:00",
        "article:modified_time": "2026-05-12T12:00:00+01:00",
        "article:section": "Press release",
    }


def test_message_and_list_name_the_pages_before_and_after(client, freeze, officer):
    for number in range(21):
        freeze(NOON.replace(minute=number))
        make_live(slug=f"number-{number}", by=officer)

    def around(path):
        links = html.fromstring(client.get(path).text).xpath("//head/link[@rel='prev' or @rel='next']")
        return {link.get("rel"): link.get("href") for link in links}

    assert around("/messages/2026/05/12/number-1/") == {
        "prev": "/messages/2026/05/12/number-0/",
        "next": "/messages/2026/05/12/number-2/",
    }
    assert around("/messages/2026/05/12/number-0/") == {"next": "/messages/2026/05/12/number-1/"}
    assert around("/messages/") == {"next": f"{SITE}/messages/?page=2"}
    assert around("/messages/?page=2") == {"prev": f"{SITE}/messages/"}


def test_message_says_how_to_cite_it(client, freeze, officer):
    message = make_live(
        title="The garden",
        slug="one",
        body="<h2>Paths</h2><p>One two three four five six seven eight.</p><ul><li>Item</li></ul>",
        by=officer,
    )
    freeze(NOON.replace(hour=15))
    edition = make_correction(message, title="The gardens", slug="one")

    root = html.fromstring(client.get("/messages/2026/05/12/one/").text)

    (cite,) = root.xpath("//section[@class='cite']")
    text = " ".join(cite.text_content().split())
    assert "Embassy Press Office: The gardens, 12 May 2026." in text
    assert f"{SITE}/messages/2026/05/12/one/" in text
    assert "2, 12 May 2026, 16:00" in text
    assert edition.sha256 in text
    links = [(link.get("href"), link.text) for link in cite.xpath(".//details//a")]
    assert links == [("#p1", "Paths"), ("#p2", "One two three four five six seven …"), ("#p3", "Item")]
    assert {link for link, _words in links} <= {f"#{element.get('id')}" for element in root.xpath("//*[@id]")}


def test_questions_and_answers_can_be_linked_to_in_their_order(client, officer):
    make_live(
        kind=Kind.Q_AND_A, slug="qa", body="<p>Before.</p>", by=officer,
        questions=[("<p>Why?</p>", "<p>So.</p>"), ("<p>How?</p>", "<p>Thus.</p>")],
    )  # fmt: skip

    links = html.fromstring(client.get("/messages/2026/05/12/qa/").text).xpath("//section[@class='cite']//details//a")

    assert [(link.get("href"), link.text) for link in links] == [
        ("#p1", "Before."), ("#q1", "Why?"), ("#p2", "So."), ("#q2", "How?"), ("#p3", "Thus."),
    ]  # fmt: skip
