from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from lxml import html

from consular.models import ContactInfo
from embassy.page_cache.memo import memo
from embassy.page_cache.shelf import STAMP, Stamp
from press.acts import Seen
from press.models import Feature, Kind
from press.withdraw import replace, retract, withdraw
from tests.press.factory import make_copies, make_correction, make_live, make_message, make_officer

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


def make_many(number, officer, freeze, **fields):
    """Live messages titled 1 to `number`, a minute apart, the last one now."""
    for index in range(1, number + 1):
        freeze(NOON - (number - index) * MINUTE)
        make_live(title=str(index), by=officer, **fields)


def titles(editions):
    return [edition.title for edition in editions]


def feature(message, starts_at=NOON, ends_at=NOON + MINUTE):
    return Feature.objects.create(message=message, starts_at=starts_at, ends_at=ends_at, set_by=message.author)


def text_of(answer):
    return " ".join(html.fromstring(answer.text).text_content().split())


def test_home_shows_the_newest_in_full_when_none_is_featured_and_ten_others(client, freeze, officer):
    make_many(13, officer, freeze)

    answer = client.get("/")

    assert answer.context["featured"][0].title == "13"
    assert '<p id="p1">Its text.</p>' in answer.text
    assert titles(answer.context["editions"]) == [str(number) for number in range(12, 2, -1)]


def test_home_shows_the_featured_message_and_the_ten_newest_others(client, freeze, officer):
    make_many(13, officer, freeze)
    feature(make_live(title="Featured", body="<p>In full.</p>", by=officer))
    freeze(NOON + timedelta(seconds=1))
    make_live(title="Newest", by=officer)

    answer = client.get("/")

    assert answer.context["featured"][0].title == "Featured"
    assert '<p id="p1">In full.</p>' in answer.text
    assert titles(answer.context["editions"]) == ["Newest", *[str(number) for number in range(13, 4, -1)]]


def test_home_shows_the_feature_set_last_of_those_that_hold_and_are_live(client, freeze, officer):
    first, second = make_live(title="First", by=officer), make_live(title="Second", by=officer)
    over, later = make_live(title="Over", by=officer), make_live(title="Later", by=officer)
    draft, scheduled = make_message(by=officer), make_live(at=NOON + 5 * MINUTE, by=officer)
    russian = make_live(language="ru", by=officer)
    feature(second, NOON - MINUTE)
    feature(first, NOON)
    feature(over, NOON - MINUTE, NOON)
    feature(later, NOON + timedelta(seconds=2))
    for message in (draft, scheduled, russian):
        feature(message)

    assert client.get("/").context["featured"][0].title == "First"
    freeze(NOON + timedelta(seconds=1))
    withdraw(first, Seen.of(first), officer, "Why")
    assert client.get("/").context["featured"][0].title == "Second"


def test_home_shows_place_date_and_signatories_of_a_featured_statement(client, officer):
    statement = make_live(
        kind=Kind.STATEMENT,
        signed_in="Kew",
        signed_on=date(2026, 5, 11),
        signatories=["Garden A", "Garden B"],
        by=officer,
    )
    feature(statement)

    text = text_of(client.get("/"))

    assert "Joint statement" in text
    assert "Kew, 11 May 2026" in text
    assert text.index("Garden A") < text.index("Garden B")


def test_home_names_the_day_as_the_compact_list_does(client, freeze, officer):
    make_many(2, officer, freeze)

    assert "12.05.2026 – 1" in text_of(client.get("/"))


def test_empty_site_looks_intended(client):
    assert "Nothing has been published yet." in client.get("/").text
    assert "No messages here yet." in client.get("/messages/").text


def test_messages_of_one_moment_stand_in_the_order_they_were_written(client, officer):
    for number in range(3):
        make_live(title=str(number), by=officer)

    assert titles(client.get("/messages/").context["page"]) == ["2", "1", "0"]


def test_list_has_twenty_a_page_and_says_which(client, freeze, officer):
    make_many(41, officer, freeze)

    answer = client.get("/messages/?page=2")

    assert titles(answer.context["page"]) == [str(number) for number in range(21, 1, -1)]
    assert "Messages 21 to 40 of 41" in text_of(answer)
    assert "page 2 of 3" in html.fromstring(answer.text).findtext(".//title")


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1.0", "", "9" * 400, "%00", "last"])
def test_list_page_that_does_not_exist_is_a_404(client, officer, page):
    make_live(by=officer)

    assert client.get(f"/messages/?page={page}").status_code == 404


def test_lists_by_kind_year_and_month_show_theirs(client, freeze, officer):
    freeze(datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
    make_live(title="Old year", by=officer)
    freeze(datetime(2026, 1, 1, 0, 0, tzinfo=UTC))
    make_live(title="New year", kind=Kind.STATEMENT, by=officer)
    freeze(datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    make_live(title="January", kind=Kind.Q_AND_A, by=officer)
    # In London it is March already.
    freeze(datetime(2026, 3, 31, 23, 30, tzinfo=UTC))
    make_live(title="April", by=officer)
    freeze(NOON)

    def shown(path):
        return titles(client.get(path).context["page"])

    assert shown("/messages/2025/") == shown("/messages/2025/12/") == ["Old year"]
    assert shown("/messages/2026/") == ["April", "January", "New year"]
    assert shown("/messages/2026/01/") == ["January", "New year"]
    assert shown("/messages/2026/03/") == []
    assert shown("/messages/2026/04/") == ["April"]
    assert shown("/messages/press-releases/") == ["April", "Old year"]
    assert shown("/messages/statements/2026/") == ["New year"]
    assert shown("/messages/q-and-a/2026/01/") == ["January"]


@pytest.mark.parametrize(
    "path", ["2025", "2027", "2026/04", "2026/06", "2026/13", "2026/00", "0000", "9999", "9999/12", "2026/05/12"]
)
def test_list_of_a_time_without_messages_before_the_first_or_to_come_is_a_404(client, officer, path):
    make_live(by=officer)

    assert client.get(f"/messages/{path}/").status_code == 404


def test_list_offers_kinds_years_and_months_as_links(client, freeze, officer):
    freeze(datetime(2025, 11, 3, tzinfo=UTC))
    make_live(by=officer)
    freeze(NOON)

    answer = client.get("/messages/statements/")

    assert [(each["label"], each["url"], each["current"]) for each in answer.context["kinds"]] == [
        ("All", "/messages/", False),
        ("Press releases", "/messages/press-releases/", False),
        ("Statements", "/messages/statements/", True),
        ("Questions and answers", "/messages/q-and-a/", False),
    ]
    answer = client.get("/messages/2025/")
    assert [(each["label"], each["url"]) for each in answer.context["years"]] == [
        ("All", "/messages/"),
        ("2026", "/messages/2026/"),
        ("2025", "/messages/2025/"),
    ]
    assert [(str(each["label"]), each["url"]) for each in answer.context["months"]] == [
        ("All", "/messages/2025/"),
        ("November", "/messages/2025/11/"),
        ("December", "/messages/2025/12/"),
    ]


def test_languages_show_their_own_messages(client, officer):
    make_live(title="English", by=officer)
    make_live(title="Русское", language="ru", by=officer)

    assert titles(client.get("/messages/").context["page"]) == ["English"]
    assert titles(client.get("/ru/messages/").context["page"]) == ["Русское"]
    assert client.get("/ru/").context["featured"][0].title == "Русское"
    assert client.get("/ru/messages/2026/05/12/english/").status_code == 404


def test_message_shows_its_facts_text_and_neighbours(client, freeze, officer):
    make_many(3, officer, freeze)
    make_live(title="Русское", language="ru", by=officer)

    answer = client.get("/messages/2026/05/12/2/")

    assert answer.status_code == 200
    text = text_of(answer)
    assert "Published 12 May 2026" in text
    assert "Updated" not in text
    assert (answer.context["earlier"].title, answer.context["later"].title) == ("1", "3")


def test_neighbours_of_one_moment_are_in_order_and_the_ends_have_one(client, officer):
    for number in range(3):
        make_live(title=f"n{number}", by=officer)

    def around(slug):
        context = client.get(f"/messages/2026/05/12/{slug}/").context
        return [context[side] and context[side].title for side in ("earlier", "later")]

    assert around("n0") == [None, "n1"]
    assert around("n1") == ["n0", "n2"]
    assert around("n2") == ["n1", None]


def test_corrected_message_says_what_readers_were_told_newest_first(client, freeze, officer):
    message = make_live(title="Visit", by=officer)
    freeze(NOON + timedelta(days=1))
    make_correction(message, note="The date was wrong.")
    freeze(NOON + timedelta(days=2))
    make_correction(message)
    freeze(NOON + timedelta(days=3))
    make_correction(message, note="The place was wrong.")

    text = text_of(client.get("/messages/2026/05/12/visit/"))

    assert "Updated 15 May 2026" in text
    assert text.index("The place was wrong.") < text.index("The date was wrong.") < text.index("First published.")


def test_q_and_a_labels_its_questions_and_lists_them_from_four(client, officer):
    for number in (3, 4):
        questions = [(f"Question <em>{n}</em>?", "<p>Yes.</p>") for n in range(number)]
        make_live(title=f"Answers {number}", kind=Kind.Q_AND_A, body="", questions=questions, by=officer)

    three = html.fromstring(client.get("/messages/2026/05/12/answers-3/").text)
    four = html.fromstring(client.get("/messages/2026/05/12/answers-4/").text)

    assert [" ".join(h2.text_content().split()) for h2 in three.xpath("//h2[starts-with(@id, 'q')]")] == [
        f"Question: Question {n}?" for n in range(3)
    ]
    assert three.xpath("//nav[@class='questions']") == []
    assert [link.text for link in four.xpath("//nav[@class='questions']//a")] == [f"Question {n}?" for n in range(4)]


def test_old_address_redirects_for_ever_while_the_message_stands(client, freeze, officer):
    message = make_live(title="Old", by=officer)
    freeze(NOON + MINUTE)
    make_correction(message, slug="new")

    answer = client.get("/messages/2026/05/12/old/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/messages/2026/05/12/new/")
    freeze(NOON + 2 * MINUTE)
    withdraw(message, Seen.of(message), officer, "Why")
    assert client.get("/messages/2026/05/12/old/").status_code == 301
    assert client.get("/messages/2026/05/12/new/").status_code == 200


def test_withdrawn_message_shows_date_and_reason_and_no_text(client, freeze, officer):
    message = make_live(title="Canary", body="<p>Canary text.</p>", by=officer)
    freeze(NOON + MINUTE)
    withdraw(message, Seen.of(message), officer, "It was about another embassy.")

    answer = client.get("/messages/2026/05/12/canary/")

    assert answer.status_code == 200
    text = text_of(answer)
    assert "This message was withdrawn on 12 May 2026 at 12:01." in text
    assert "It was about another embassy." in text
    assert "Canary" not in text
    assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize(
    "path",
    ["2026/05/12/other", "2026/05/13/open", "2026/02/30/open", "2026/5/12/open", "9999/99/99/open"],
)
def test_unknown_message_is_a_404_in_the_same_frame(client, officer, path):
    make_live(title="Open", by=officer)

    answer = client.get(f"/messages/{path}/")

    assert answer.status_code == 404
    assert html.fromstring(answer.text).xpath("//header[@class='masthead']")


@pytest.mark.parametrize("path", ["/", "/messages/", "/messages/2026/05/12/open/", "/sitemap.xml", "/feeds/atom.xml"])
def test_public_pages_answer_head_and_refuse_to_be_written_to(client, officer, path):
    make_live(title="Open", by=officer)

    assert client.head(path).status_code == 200
    if "feeds" not in path:
        assert client.post(path).status_code == 405


# Of lists and feeds the keys are found first; of editions that were shown before, that is all that is read.
PAGES = {
    "/": 5,
    "/messages/": 5,
    "/messages/?page=1": 5,
    "/messages/statements/": 5,
    "/messages/2026/": 5,
    "/messages/2026/05/": 5,
    "/messages/2026/05/12/first/": 3,
    "/messages/2026/05/12/unknown/": 2,
    "/consular/": 2,
    "/accessibility/": 1,
    "/privacy/": 1,
    # Keys, texts, the names of topics, what was withdrawn.
    "/feeds/atom.xml": 4,
    # A count and a page for each language.
    "/sitemap.xml": 2,
    "/sitemap-messages-en-2026.xml": 2,
}


@pytest.mark.parametrize("number", [1, 30])
def test_pages_take_the_same_few_queries_however_many_messages(
    client, freeze, officer, number, django_assert_num_queries
):
    freeze(NOON - timedelta(days=1))
    ContactInfo.objects.create(name_en="Consular section", name_ru="Консульский отдел", primary=True)
    freeze(NOON)
    first = make_live(title="First", kind=Kind.STATEMENT, by=officer)
    feature(first, ends_at=NOON + timedelta(days=1))
    for kind in list(Kind) * (number // 3):
        make_live(kind=kind, by=officer)
    freeze(NOON + MINUTE)
    make_correction(first, note="Told.")

    # One message is shown in full, and no row of it.
    for path, queries in {**PAGES, "/": PAGES["/"] - (number == 1)}.items():
        with django_assert_num_queries(queries, info=path):
            client.get(path)


@pytest.mark.parametrize(("path", "fewer"), [("/", 2), ("/messages/", 1)])
def test_what_was_shown_before_is_not_read_again_for_a_kept_page(client, rf, officer, path, fewer):
    for title in ("First", "Second", "Third"):
        make_live(title=title, by=officer)
    memo.forget()
    answers = []
    for version in (1, 2):
        request = rf.get(path)
        # What is made once for a version is made anew in each.
        request.environ[STAMP], request.at = Stamp(version, 1), NOON + MINUTE
        request.resolver_match, request.LANGUAGE_CODE = resolve(path), "en"
        with CaptureQueriesContext(connection) as queries:
            answers.append((resolve(path).func(request).content, len(queries)))
    memo.forget()

    (first, many), (again, few) = answers
    assert first == again
    assert few == many - fewer
    assert b"Second" in again


def test_pages_take_the_same_few_queries_at_ten_thousand_messages(client, freeze, officer, django_assert_num_queries):
    ContactInfo.objects.create(name_en="Consular section", name_ru="Консульский отдел", primary=True)
    first = make_live(title="First", kind=Kind.STATEMENT, by=officer)
    feature(first, ends_at=NOON + timedelta(days=1))
    last = make_live(kind=Kind.STATEMENT, by=officer)
    make_copies(last, 10_000)
    freeze(NOON + MINUTE)
    make_correction(first, note="Told.")

    for path, queries in PAGES.items():
        with django_assert_num_queries(queries, info=path):
            answer = client.get(path)
    assert client.get("/messages/").context["page"].paginator.count == 10_002
    assert answer.status_code == 200


def test_message_published_in_error_is_gone_and_says_nothing_of_it(client, freeze, officer):
    message = make_live(title="Canary", body="<p>Canary text.</p>", by=officer)
    freeze(NOON + MINUTE)
    retract(message, Seen.of(message), officer)

    answer = client.get("/messages/2026/05/12/canary/")

    assert answer.status_code == 410
    assert "published in error" in text_of(answer)
    assert "12 May 2026 at 12:01" in text_of(answer)
    assert "Canary" not in answer.text
    assert html.fromstring(answer.text).xpath("//header[@class='masthead']")


def test_replaced_message_leads_to_its_replacement_wherever_that_is_now(client, freeze, officer):
    one, two, three = (make_live(title=title, by=officer) for title in ("One", "Two", "Three"))
    russian = make_live(title="Russian", language="ru", by=officer)
    freeze(NOON + MINUTE)
    replace(one, Seen.of(one), officer, two)

    def location():
        answer = client.get("/messages/2026/05/12/one/")
        assert answer.status_code == 301
        return answer.headers["Location"]

    assert location() == "/messages/2026/05/12/two/"
    freeze(NOON + 2 * MINUTE)
    make_correction(two, slug="two-anew")
    assert location() == "/messages/2026/05/12/two-anew/"
    freeze(NOON + 3 * MINUTE)
    replace(two, Seen.of(two), officer, three)
    assert client.get(location()).headers["Location"] == "/messages/2026/05/12/three/"
    freeze(NOON + 4 * MINUTE)
    replace(three, Seen.of(three), officer, russian)
    assert client.get("/messages/2026/05/12/three/").headers["Location"] == "/ru/messages/2026/05/12/russian/"
