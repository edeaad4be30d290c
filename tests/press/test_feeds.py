import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import jsonschema
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from lxml import etree, html

from embassy.page_cache.memo import memo
from embassy.page_cache.shelf import STAMP, Stamp
from press.acts import Refused, Seen
from press.models import Edition, Kind, Topic
from press.release import release
from press.withdraw import replace, retract, withdraw
from tests.press.factory import change, make_correction, make_live, make_message, make_officer, make_topic
from tests.press.uploads_factory import addresses_of, make_illustrated

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = ["atom", "rss"]
KINDS = ["", *(f"messages/{kind.slug}/" for kind in Kind)]
SCHEMAS = Path(__file__).parent / "schemas"
ATOM_SCHEMA = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
JSON_SCHEMA = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "json-feed.json").read_text()))
# What must survive as it is, and what must not break the feed.
TITLE = 'Заявление «Q&A» <b>1 < 2</b> & "so" on ]]> &amp;'
CONTROLS = "".join(map(chr, (*range(1, 9), 11, 12, *range(14, 32))))


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


@pytest.fixture
def officer():
    """One officer for many messages."""
    return make_officer()


def read(client, path="/feeds/atom.xml"):
    """A feed as a feed reader reads it; it must be without fault."""
    answer = client.get(path)
    assert answer.status_code == 200
    # A strict reader first: feedparser forgives.
    root = etree.fromstring(answer.content)
    if path.endswith("atom.xml"):
        ATOM_SCHEMA.assertValid(root)
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def read_json(client, path="/feeds/feed.json"):
    """A JSON feed that is as the specification wants it."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/feed+json")
    feed = json.loads(answer.content)
    JSON_SCHEMA.validate(feed)
    return feed


def titles(feed):
    return [entry.title for entry in feed.entries]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("prefix", "language"), [("/", "en"), ("/ru/", "ru")])
def test_feed_is_without_fault_whatever_the_words(client, officer, settings, name, prefix, language, kind):
    for each in Kind:
        make_live(kind=each, language=language, title=TITLE, teaser=f"On {TITLE}", slug=each.value, by=officer)
        make_live(kind=each, language="ru" if language == "en" else "en", title="Elsewhere", by=officer)

    feed = read(client, f"{prefix}{kind}feeds/{name}.xml")

    assert feed.version == {"atom": "atom10", "rss": "rss20"}[name]
    assert feed.feed.language == language
    assert len(feed.entries) == (1 if kind else 3)
    root = etree.fromstring(client.get(f"{prefix}{kind}feeds/{name}.xml").content)
    for entry in root.iter("{*}entry", "item"):
        words = [element.text for element in entry.iter("{*}title", "{*}summary", "description")]
        assert words == [TITLE, f"On {TITLE}"]


@pytest.mark.parametrize("name", NAMES)
def test_feed_of_an_empty_site_is_without_fault(client, name):
    assert read(client, f"/feeds/{name}.xml").entries == []


@pytest.mark.parametrize("name", NAMES)
def test_message_has_an_identifier_for_ever(client, freeze, settings, name):
    message = make_live(slug="first")
    before = read(client, f"/feeds/{name}.xml").entries[0].id
    freeze(NOON + MINUTE)
    make_correction(message, title="Another title", slug="second", note="Told.")
    settings.TAG_AUTHORITY = ""

    entry = read(client, f"/feeds/{name}.xml").entries[0]

    assert entry.link == "https://press.example.org/messages/2026/05/12/second/"
    assert entry.id == before == f"tag:press.example.org,2026:message/{message.pk}"


def test_identifier_survives_a_change_of_domain(client, settings):
    message = make_live()
    settings.TAG_AUTHORITY = "press.example.org,2026"
    settings.SITE_URL = "https://elsewhere.example"

    (entry,) = read(client).entries

    assert entry.id == f"tag:press.example.org,2026:message/{message.pk}"
    assert urlsplit(entry.link).netloc == "elsewhere.example"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prefix", ["/", "/ru/"])
def test_addresses_in_a_feed_are_absolute_and_the_sites_own(client, officer, settings, name, prefix, kind):
    settings.SITE_URL = "https://press.example.org"
    for each in Kind:
        make_live(kind=each, language="ru" if prefix == "/ru/" else "en", slug=each.value, by=officer)
    path = f"{prefix}{kind}feeds/{name}.xml"

    client.defaults["HTTP_HOST"] = "localhost"
    content = client.get(path).content
    feed = read(client, path)

    links = [link for element in (feed.feed, *feed.entries) for link in element.links]
    addresses = {link.href for link in links}
    assert all(address.startswith(f"https://press.example.org{prefix}") for address in addresses)
    assert feed.feed.link == f"https://press.example.org{prefix}{kind or 'messages/'}"
    assert [link.href for link in links if link.rel == "self"] == [f"https://press.example.org{path}"]
    assert b"localhost" not in content
    for entry in feed.entries:
        assert client.get(urlsplit(entry.link).path).status_code == 200


def test_feed_says_when_it_was_published_and_when_readers_were_last_told(client, freeze):
    message = make_live()

    freeze(NOON + MINUTE)
    make_correction(message)
    (minor,) = read(client).entries
    assert (minor.published, minor.updated) == ("2026-05-12T11:00:00+00:00", "2026-05-12T11:00:00+00:00")

    freeze(NOON + 2 * MINUTE)
    make_correction(message, note="Told.")
    (told,) = read(client).entries
    assert (told.published, told.updated) == ("2026-05-12T11:00:00+00:00", "2026-05-12T11:02:00+00:00")

    freeze(NOON + 3 * MINUTE)
    make_correction(message)
    (minor_again,) = read(client).entries
    assert minor_again.updated == "2026-05-12T11:02:00+00:00"


def test_feed_itself_is_updated_with_its_newest_update(client, freeze, officer):
    message = make_live(by=officer)
    make_live(by=officer)
    freeze(NOON + MINUTE)
    make_correction(message, note="Told.")

    assert read(client).feed.updated == "2026-05-12T11:01:00+00:00"
    assert read(client, "/feeds/rss.xml").feed.updated == "Tue, 12 May 2026 11:01:00 +0000"


def test_feed_has_the_twenty_newest_newest_first(client, freeze, officer):
    for number in range(22):
        freeze(NOON + number * MINUTE)
        make_live(title=f"Number {number}", by=officer)

    for name in NAMES:
        assert titles(read(client, f"/feeds/{name}.xml")) == [f"Number {number}" for number in range(21, 1, -1)]


def test_correction_does_not_move_a_message_up(client, freeze, officer):
    message = make_live(title="First", by=officer)
    freeze(NOON + MINUTE)
    make_live(title="Second", by=officer)
    freeze(NOON + 2 * MINUTE)
    make_correction(message, title="First, corrected", note="Told.")

    assert titles(read(client)) == ["Second", "First, corrected"]


def test_feed_has_what_is_live_and_nothing_else(client, freeze, officer):
    make_message(title="Draft", by=officer)
    make_live(title="Scheduled", at=NOON + 2 * MINUTE, by=officer)
    ended = make_live(title="Withdrawn", by=officer)
    change(make_live(title="Live", by=officer), title="Newer draft")
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), officer, "The reason")

    for name in NAMES:
        assert titles(read(client, f"/feeds/{name}.xml")) == ["Live"]
    freeze(NOON + 2 * MINUTE)
    assert titles(read(client)) == ["Scheduled", "Live"]


def test_feeds_of_kinds_have_their_own(client, officer):
    for kind in Kind:
        make_live(kind=kind, title=kind.value, by=officer)

    for kind in Kind:
        feed = read(client, f"/messages/{kind.slug}/feeds/atom.xml")
        assert titles(feed) == [kind.value]
        assert [tag.term for tag in feed.entries[0].tags] == [kind.label]
        assert feed.feed.title == f"Embassy Press Office: {kind.plural}"


@pytest.mark.parametrize("path", ["/messages/events/feeds/atom.xml", "/feeds/feed.xml", "/feeds/", "/feeds/rss.json"])
def test_unknown_feed_is_a_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    # Keys, texts, the names of topics; Atom asks what was taken back, too.
    [("/feeds/atom.xml", 4), ("/feeds/rss.xml", 3), ("/messages/statements/feeds/atom.xml", 4)],
)
def test_feed_takes_few_queries_however_many_messages(
    client, officer, django_assert_num_queries, path, queries, number
):
    for _each in range(number):
        make_live(kind=Kind.STATEMENT, by=officer)

    with django_assert_num_queries(queries):
        feed = read(client, path)

    assert len(feed.entries) == min(number, 20)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("prefix", "language"), [("/", "en"), ("/ru/", "ru")])
def test_json_feed_is_as_its_specification_wants_it(client, officer, prefix, language, kind):
    for each in Kind:
        make_live(kind=each, language=language, title=TITLE, teaser=f"On {TITLE}", slug=each.value, by=officer)
    path = f"{prefix}{kind}feeds/feed.json"

    feed = read_json(client, path)

    assert (feed["feed_url"], feed["language"]) == (f"https://press.example.org{path}", language)
    assert feed["home_page_url"] == f"https://press.example.org{prefix}{kind or 'messages/'}"
    assert {(item["title"], item["summary"]) for item in feed["items"]} == {(TITLE, f"On {TITLE}")}
    assert len(feed["items"]) == (1 if kind else 3)
    atom = {entry.id for entry in read(client, f"{prefix}{kind}feeds/atom.xml").entries}
    assert {item["id"] for item in feed["items"]} == atom


def test_json_feed_of_an_empty_site_is_a_feed(client):
    assert read_json(client)["items"] == []


def test_json_feed_of_a_message_that_is_all_in_its_title(client, officer):
    make_live(title="Closed today", body="", by=officer)

    (item,) = read_json(client)["items"]

    assert item["content_html"] == ""


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json"])
def test_feed_has_the_whole_text(client, officer, name):
    make_live(
        kind=Kind.Q_AND_A, title="A Q", questions=[("<p>Why &amp; how?</p>", "<p>So &lt;so&gt;.</p>")], by=officer
    )
    make_live(
        kind=Kind.STATEMENT, title="A statement", body="<p>Its <em>text</em>.</p>", signed_in="Kew & co",
        signed_on=date(2026, 5, 11), signatories=["Garden <A>", "Garden B"], by=officer,
    )  # fmt: skip

    if name == "feed.json":
        texts = {item["title"]: item["content_html"] for item in read_json(client)["items"]}
    else:
        root = etree.fromstring(client.get(f"/feeds/{name}").content)
        texts = {
            entry.findtext("{*}title"): entry.findtext("{*}content") or entry.findtext("{*}encoded")
            for entry in root.iter("{*}entry", "item")
        }

    assert texts == {
        "A Q": "<p>Its text.</p><h2>Why &amp; how?</h2><p>So &lt;so&gt;.</p>",
        "A statement": "<p>Its <em>text</em>.</p><p>Kew &amp; co, 11 May 2026</p>"
        "<ul><li>Garden &lt;A&gt;</li><li>Garden B</li></ul>",
    }


def tombstones(client, path="/feeds/atom.xml"):
    """(identifier, moment, comment) of what a feed takes back."""
    read(client, path)
    return [
        (element.get("ref"), element.get("when"), element.findtext("{*}comment"))
        for element in etree.fromstring(client.get(path).content).iter("{http://purl.org/atompub/tombstones/1.0}*")
        if element.tag.endswith("deleted-entry")
    ]


def test_messages_taken_back_leave_a_tombstone(client, freeze, officer):
    ended, wrong, moved, back = (make_live(slug=f"m{number}", by=officer) for number in range(4))
    stays = make_live(slug="stays", by=officer)
    make_live(language="ru", by=officer)
    ids = {entry.link[-3:-1]: entry.id for entry in read(client).entries}
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), officer, "The reason <&>")
    withdraw(back, Seen.of(back), officer, "A reason")
    freeze(NOON + 2 * MINUTE)
    retract(wrong, Seen.of(wrong), officer)
    freeze(NOON + 3 * MINUTE)
    replace(moved, Seen.of(moved), officer, stays)
    release(back, Seen.of(back), officer)

    assert tombstones(client) == [
        (ids["m2"], "2026-05-12T11:03:00+00:00", None),
        (ids["m1"], "2026-05-12T11:02:00+00:00", None),
        (ids["m0"], "2026-05-12T11:01:00+00:00", "The reason <&>"),
    ]
    assert tombstones(client, "/ru/feeds/atom.xml") == []
    assert len(tombstones(client, "/messages/press-releases/feeds/atom.xml")) == 3
    assert tombstones(client, "/messages/statements/feeds/atom.xml") == []
    assert read(client).feed.updated == "2026-05-12T11:03:00+00:00"


def test_scheduled_withdrawal_leaves_no_tombstone_before_its_minute(client, freeze, officer):
    message = make_live(by=officer)
    withdraw(message, Seen.of(message), officer, "The reason", NOON + MINUTE)

    assert tombstones(client) == []
    freeze(NOON + MINUTE)
    assert len(tombstones(client)) == 1


@pytest.mark.parametrize("path", ["/feeds/atom.xml", "/feeds/rss.xml", "/feeds/feed.json"])
def test_feed_that_has_not_changed_is_not_sent_again(client, freeze, officer, path):
    message = make_live(by=officer)
    first = client.get(path)
    tag = first.headers["ETag"]

    again = client.get(path, headers={"if-none-match": tag})
    freeze(NOON + MINUTE)
    make_correction(message)
    changed = client.get(path, headers={"if-none-match": tag})

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_control_characters_do_not_break_a_feed(client, freeze, officer):
    message = make_message(
        kind=Kind.STATEMENT,
        title=f"A{CONTROLS}title",
        teaser=f"A{CONTROLS}teaser",
        signed_in=f"Lon{CONTROLS}don",
        signatories=[f"A{CONTROLS}side"],
        by=officer,
    )
    release(message, Seen.of(message), officer)
    freeze(NOON + MINUTE)
    edition = make_correction(message, title=f"Another{CONTROLS}title", note=f"Readers{CONTROLS} are told.")

    for name in NAMES:
        feed = read(client, f"/feeds/{name}.xml")
        assert [(entry.title, entry.summary) for entry in feed.entries] == [("Another title", "A teaser")]
    assert (edition.note, edition.signed_in) == ("Readers are told.", "Lon don")
    assert [signatory["on_behalf_of"] for signatory in edition.signatories] == ["A side"]
    page = client.get(edition.get_absolute_url()).text
    assert [character for character in CONTROLS if character in page] == []


def test_reason_of_a_withdrawal_has_no_control_characters(officer, freeze):
    message = make_live(by=officer)
    freeze(NOON + MINUTE)

    with pytest.raises(Refused):
        withdraw(message, Seen.of(message), officer, " \x01\x0b ")

    assert withdraw(message, Seen.of(message), officer, f"The{CONTROLS}reason ").note == "The reason"


def test_title_that_nobody_can_read_is_refused(officer):
    message = make_message(title="\x01\x02", by=officer)

    with pytest.raises(Refused):
        release(message, Seen.of(message), officer)

    assert not Edition.objects.exists()


@pytest.mark.parametrize("column", ["title", "teaser", "note"])
@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\uffff"])
def test_database_refuses_an_edition_with_control_characters(monkeypatch, officer, column, character):
    text = {"title": "A title", "teaser": "A teaser", "note": "A note", column: f"A{character}b"}

    def compose(message, earlier, act, begins, note):
        edition = composed(message, earlier, act, begins, note)
        for name, value in text.items():
            setattr(edition, name, value)
        return edition

    from press import release as module  # noqa: PLC0415 — the name is taken by its function

    composed = module.compose
    monkeypatch.setattr(module, "compose", compose)

    with pytest.raises(IntegrityError, match=f"edition_{column}_printable"):
        make_live(by=officer)


# Pictures


def make_pictured(officer, **fields):
    """A live message with a lead picture, another one and a document."""
    message = make_illustrated(by=officer, **fields)
    release(message, Seen.of(message), officer)
    return message


def test_lead_picture_is_the_entrys_and_stands_with_the_others_in_its_text(client, officer, settings):
    message = make_pictured(officer)
    files = {settings.SITE_URL + path for path in addresses_of(message)}

    atom, rss, item = read(client).entries[0], read(client, "/feeds/rss.xml").entries[0], read_json(client)["items"][0]

    lead = item["image"]
    assert lead in files
    content = client.get(urlsplit(lead).path)
    assert (content.status_code, content.headers["Content-Type"]) == (200, "image/jpeg")
    length = str(len(content.getvalue()))
    told = {"href": lead, "type": "image/jpeg", "length": length}
    assert [{name: link[name] for name in told} for link in atom.enclosures] == [told]
    assert [{name: link[name] for name in told} for link in rss.enclosures] == [told]
    assert [(media["url"], media["medium"]) for media in rss.media_content] == [(lead, "image")]
    for text in (atom.content[0].value, rss.content[0].value, item["content_html"]):
        root = html.fragment_fromstring(text, create_parent="div")
        pictures = [(each.get("src"), each.get("alt")) for each in root.iter("img")]
        assert pictures[0] == (lead, "Zaltz")
        assert [alt for _src, alt in pictures] == ["Zaltz", ""]
        assert {src for src, _alt in pictures} | {each.get("href") for each in root.iter("a")} <= files
        assert [each.text for each in root.iter("figcaption")] == ["Zcaptionz (Zcreditz)", "Zanotherz"]
        assert [each.text_content() for each in root.iter("li")] == ["Ztitlez (PDF)"]


def test_entry_without_a_picture_says_nothing_of_one(client, officer):
    make_live(by=officer)

    assert "image" not in read_json(client)["items"][0]
    assert read(client).entries[0].enclosures == read(client, "/feeds/rss.xml").entries[0].enclosures == []


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json"])
def test_pictures_that_a_correction_drops_or_a_scheduled_one_brings_are_in_no_feed(client, freeze, officer, name):
    first, second = make_pictured(officer), make_live(by=officer)
    dropped = addresses_of(first)
    freeze(NOON + MINUTE)
    first.photos.all().delete()
    first.attachments.all().delete()
    make_correction(first)
    illustrated = make_illustrated(by=officer)
    illustrated.photos.update(message=second)
    make_correction(second, at=NOON + 9 * MINUTE)

    text = client.get(f"/feeds/{name}").content.decode()

    assert len(dropped) > 4
    assert "/files/" not in text
    assert "Zaltz" not in text


def of_the_cache(rf, path):
    """A feed as the page cache asks for it, and its number of queries."""
    request = rf.get(path)
    request.at, request.environ[STAMP] = NOON + MINUTE, Stamp(1, 1)
    with CaptureQueriesContext(connection) as queries:
        answer = resolve(path).func(request, **resolve(path).kwargs)
    return answer.content, len(queries)


@pytest.mark.parametrize("path", ["/feeds/atom.xml", "/feeds/rss.xml", "/feeds/feed.json"])
def test_texts_that_were_in_the_feed_before_are_not_read_again(client, rf, officer, freeze, path):
    topic = make_topic("culture", "Culture", "Культура")
    for each in ("First", "Second"):
        make_live(title=each, topics=[topic], by=officer)
    memo.forget()
    first = of_the_cache(rf, path)

    again = of_the_cache(rf, path)
    make_live(title="Third", by=officer)
    with_another = of_the_cache(rf, path)

    assert again == (first[0], first[1] - 2)
    assert with_another[0].index(b"Third") < with_another[0].index(b"Second") < with_another[0].index(b"First")
    assert with_another[0] == client.get(path).content


def test_new_name_of_a_topic_is_in_feeds_that_were_kept(rf, officer):
    topic = make_topic("culture", "Culture", "Культура")
    make_live(topics=[topic], by=officer)
    memo.forget()
    of_the_cache(rf, "/feeds/atom.xml")
    Topic.objects.filter(pk=topic.pk).update(name_en="Arts")
    request = rf.get("/feeds/atom.xml")
    request.at, request.environ[STAMP] = NOON + MINUTE, Stamp(2, 1)

    content = resolve("/feeds/atom.xml").func(request, form="atom").content

    assert b'term="Arts"' in content
    assert b"Culture" not in content


@pytest.mark.parametrize("number", [1, 3])
def test_pictures_take_one_query_more_however_many_messages_have_some(
    client, officer, django_assert_num_queries, number
):
    for _each in range(number):
        make_pictured(officer)

    with django_assert_num_queries(4):
        feed = read(client, "/feeds/rss.xml")

    assert len([entry for entry in feed.entries if entry.enclosures]) == number
