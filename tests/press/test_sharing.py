"""A draft for somebody without an account: one recipient, an end, no trace for anybody else."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from press.acts import Refused, Seen
from press.bin import put_in, take_out
from press.models import Event, Kind, SharedPreview
from press.release import correct, release
from press.sharing import revoke, share
from press.withdraw import withdraw
from tests.press.factory import change, make_live, make_message, make_officer

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def link_to(message, recipient="Ms Reader, The Paper", lasting=WEEK):
    """The path of a new link to a draft."""
    shared, token = share(message, message.author, recipient, lasting)
    return shared, f"/shared/{token}/"


def test_stranger_sees_the_draft_and_what_it_is(client):
    message = make_message(title="New hours", body="<p>Longer hours.</p>")
    _shared, path = link_to(message)

    response = client.get(path)

    page = html.fromstring(response.content.decode())
    assert response.status_code == 200
    assert page.xpath("//h1")[0].text == "New hours"
    assert "Longer hours." in response.content.decode()
    notice = " ".join(page.find_class("notice")[0].text_content().split())
    assert notice == (
        "Draft, not released. For Ms Reader, The Paper only, until 19 May 2026 at 12:00 London, 14:00 Moscow."
    )


def test_link_shows_what_is_saved_then(client):
    message = make_message(title="New hours")
    _shared, path = link_to(message)
    change(message, title="Newer hours")

    assert "Newer hours" in client.get(path).content.decode()


def test_shared_page_is_not_kept_not_found_and_tells_its_address_to_nobody(client):
    _shared, path = link_to(make_message())

    response = client.get(path)

    headers = response.headers
    assert headers["Cache-Control"] == "no-store, private"
    assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    text = response.content.decode()
    assert '<meta name="robots" content="noindex">' in text
    assert "canonical" not in text
    assert path not in text
    assert not response.cookies


def test_shared_page_is_in_the_language_of_the_draft(client):
    _shared, path = link_to(make_message(language="ru", title="Новые часы"))

    response = client.get(path)

    assert response.headers["Content-Language"] == "ru"
    assert '<html lang="ru">' in response.content.decode()


def test_every_link_is_unguessable_and_only_its_hash_is_kept():
    message = make_message()

    tokens = [share(message, message.author, "Somebody", WEEK)[1] for _number in range(3)]

    assert len(set(tokens)) == 3
    # 256 bits.
    assert {len(token) for token in tokens} == {43}
    kept = set(SharedPreview.objects.values_list("key_sha256", flat=True))
    assert kept == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM press_sharedpreview s")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert not any(token in rows for token in tokens)


def test_openings_are_counted(client):
    shared, path = link_to(make_message())

    for method in (client.get, client.head, client.get):
        assert method(path).status_code == 200

    shared.refresh_from_db()
    assert (shared.openings, shared.opened_at) == (2, NOON)
    assert client.post(path).status_code == 405


def seen(path):
    """All that an answer tells a stranger, without its own address, and what it asked of the database."""
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(path)
    text = answer.content.decode().replace(path, "")
    return answer.status_code, text, dict(answer.headers), len(queries)


def test_expired_revoked_and_unknown_links_are_the_same(freeze):
    message = make_message()
    expired, revoked = link_to(message, lasting=timedelta(days=1)), link_to(message)
    revoke(revoked[0].pk, message, message.author)
    unknown = f"/shared/{'x' * 43}/"
    assert Client().get(expired[1]).status_code == 200

    freeze(NOON + timedelta(days=1))

    answers = [seen(path) for path in (expired[1], revoked[1], unknown)]
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]
    expired[0].refresh_from_db()
    assert expired[0].openings == 1


def test_link_to_a_draft_in_the_bin_is_an_unknown_address(client):
    message = make_message()
    _shared, path = link_to(message)

    put_in(message, Seen.of(message), message.author)
    assert client.get(path).status_code == 404
    take_out(message, message.author)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("token", ["a", "%00", "%D0%AF", "%ED%A0%80", "x" * 3000])
def test_any_other_token_is_an_unknown_address(client, token):
    assert client.get(f"/shared/{token}/").status_code == 404


def test_link_works_until_its_end_and_not_at_it(client, freeze):
    _shared, path = link_to(make_message(), lasting=timedelta(days=1))

    freeze(NOON + timedelta(days=1) - timedelta(microseconds=1))
    assert client.get(path).status_code == 200
    freeze(NOON + timedelta(days=1))
    assert client.get(path).status_code == 404


def test_link_leads_to_the_public_page_once_it_is_released(client, freeze):
    message = make_message(slug="new-hours")
    _shared, path = link_to(message)
    release(message, Seen.of(message), message.author, NOON + MINUTE)
    assert client.get(path).status_code == 200

    freeze(NOON + MINUTE)
    response = client.get(path)

    assert (response.status_code, response.url) == (302, "/messages/2026/05/12/new-hours/")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    # What is written next is nobody's business any more.
    change(message, title="A secret next text")
    assert client.get(path).url == "/messages/2026/05/12/new-hours/"


def test_link_to_a_correction_shows_it_until_it_is_released(client, freeze):
    message = make_live(slug="new-hours", title="Old title")
    freeze(NOON + MINUTE)
    change(message, title="Corrected title")
    _shared, path = link_to(message)

    assert "Corrected title" in client.get(path).content.decode()
    correct(message, Seen.of(message), message.author)
    assert client.get(path).status_code == 302


def test_link_to_what_was_withdrawn_since_leads_to_the_notice(client, freeze):
    message = make_message(slug="new-hours")
    _shared, path = link_to(message)
    release(message, Seen.of(message), message.author)
    freeze(NOON + MINUTE)
    withdraw(message, Seen.of(message), message.author, "Why")

    assert client.get(path).url == "/messages/2026/05/12/new-hours/"


def test_sharing_and_revoking_are_in_the_history():
    by = make_officer()
    message = make_message(by=by)

    shared, _token = share(message, by, "Ms Reader", WEEK)
    revoke(shared.pk, message, by)

    events = message.events.filter(what__in=[Event.What.SHARED, Event.What.UNSHARED]).values_list("what", "by", "words")
    assert sorted(events) == [("shared", by.pk, "Ms Reader"), ("unshared", by.pk, "Ms Reader")]


def test_revoking_twice_or_through_another_message_does_nothing():
    message, other = make_message(), make_message()
    shared, _token = share(message, message.author, "Ms Reader", WEEK)

    assert revoke(shared.pk, other, other.author) is None
    assert revoke(shared.pk, message, message.author).pk == shared.pk
    assert revoke(shared.pk, message, message.author) is None


@pytest.mark.parametrize(
    ("recipient", "lasting", "refusal"),
    [
        (" ", WEEK, "Say for whom the link is."),
        ("Ms Reader", timedelta(days=31), "A link lasts 30 days at most."),
        ("Ms Reader", timedelta(0), "A link lasts 30 days at most."),
    ],
)
def test_link_without_a_name_or_a_sensible_end_is_refused(recipient, lasting, refusal):
    message = make_message()

    with pytest.raises(Refused, match=refusal):
        share(message, message.author, recipient, lasting)


def test_link_to_what_readers_see_already_is_refused():
    message = make_live()

    with pytest.raises(Refused, match="Readers see this text already"):
        share(message, message.author, "Ms Reader", WEEK)


@pytest.mark.parametrize("kind", Kind)
def test_opening_asks_the_database_the_same_for_a_short_and_a_long_draft(kind):
    counts = set()
    for parts in (1, 9):
        message = make_message(
            kind=kind, questions=[("Why?", "<p>So.</p>")] * parts, signatories=["One side"] * parts, title="A draft"
        )
        _shared, path = link_to(message)
        counts.add(seen(path)[3])

    assert len(counts) == 1
    assert counts.pop() <= 12
