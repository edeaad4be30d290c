from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.signals import request_finished
from django.db import close_old_connections
from lxml import html

from press.models import Kind, SearchCount
from press.search_counts import CountingResponse
from press.search_views import search
from tests.press.factory import make_live, make_officer, make_topic

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


def shown(answer):
    """The titles of the results, as they stand on the page."""
    assert answer.status_code == 200
    return [title.text_content() for title in html.fromstring(answer.text).iterfind(".//article//h2")]


def text_of(answer):
    return " ".join(html.fromstring(answer.text).text_content().split())


def test_page_without_words_has_the_form_and_no_result(client):
    answer = client.get("/search/")

    assert shown(answer) == []
    form = html.fromstring(answer.text).forms[0]
    assert (form.action, form.method, list(form.inputs.keys())) == ("/search/", "GET", ["q"])
    assert '<link rel="canonical" href="https://press.example.org/search/">' in answer.text
    assert "Nothing found" not in answer.text


def test_results_are_narrowed_to_a_topic(client, officer):
    culture, trade = make_topic("culture", "Culture", "Культура"), make_topic("trade", "Trade", "Торговля")
    make_live(title="Zebra one", by=officer, topics=[culture])
    make_live(title="Zebra two", by=officer)
    make_live(title="Zebra по-русски", language="ru", by=officer, topics=[trade])

    answer = client.get("/search/?q=zebra&topic=culture")

    assert shown(answer) == ["Zebra one"]
    assert [(choice["label"], choice["current"]) for choice in answer.context["topics"]] == [
        ("All", False),
        ("Culture", True),
    ]
    assert answer.context["kinds"][1]["url"] == "/search/?q=zebra&kind=press-releases&topic=culture"
    assert shown(client.get("/search/?q=zebra&topic=trade")) == shown(client.get("/search/?q=zebra&topic=none")) == []
    assert client.get("/search/?q=zebra&topic=%00").status_code == 404


def test_results_are_of_the_addresses_language(client, officer):
    make_live(title="Zebra in English", by=officer)
    make_live(title="Zebra по-русски", language="ru", by=officer)

    assert shown(client.get("/search/?q=zebra")) == ["Zebra in English"]
    assert shown(client.get("/ru/search/?q=zebra")) == ["Zebra по-русски"]


def test_hits_are_marked_and_everything_is_escaped(client, officer):
    make_live(
        title="<b>Zebras</b> & co", teaser="A teaser.", body="<p>A &lt;script&gt; zebra <em>runs</em>.</p>", by=officer
    )

    text = client.get("/search/?q=zebra").text

    assert "&lt;b&gt;<mark>Zebras</mark>&lt;/b&gt; &amp; co" in text
    assert "A &lt;script&gt; <mark>zebra</mark> runs." in text


def test_hit_in_the_teaser_alone_shows_the_teaser(client, officer):
    make_live(title="Title", teaser="A zebra.", body="<p>Text.</p>", by=officer)

    assert "A <mark>zebra</mark>." in client.get("/search/?q=zebra").text


def test_words_of_the_reader_are_escaped(client):
    for path in ("/search/?q=", "/ru/search/?q="):
        text = client.get(path + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text

        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("query", ["%00", "a%00b", "%ED%A0%80", "%FF", "%01", "x" * 5000, "%27", "a%20%26%20b"])
def test_no_words_break_the_page(client, query):
    assert client.get(f"/search/?q={query}").status_code == 200


def test_results_can_be_narrowed_by_kind_and_year(client, officer, freeze):
    freeze(NOON - timedelta(days=400))
    make_live(title="Zebra, old release", by=officer)
    freeze(NOON)
    make_live(title="Zebra, release", by=officer)
    make_live(title="Zebra, statement", kind=Kind.STATEMENT, by=officer)

    assert len(shown(client.get("/search/?q=zebra"))) == 3
    assert shown(client.get("/search/?q=zebra&kind=statements")) == ["Zebra, statement"]
    assert shown(client.get("/search/?q=zebra&year=2025")) == ["Zebra, old release"]
    assert shown(client.get("/search/?q=zebra&kind=statements&year=2025")) == []
    links = html.fromstring(client.get("/search/?q=zebra&year=2025").text).xpath("//nav[@class='filters']//a/@href")
    assert {"/search/?q=zebra&kind=statements&year=2025", "/search/?q=zebra&year=2026"} <= set(links)


@pytest.mark.parametrize(
    "parameters",
    ["kind=nonsense", "year=20", "year=٢٠٢٦", "year=0000", "page=2", "page=x", "page=0", "page=99999999999999"],
)
def test_filter_or_page_that_does_not_exist_is_a_404(client, officer, parameters):
    make_live(title="Zebra", by=officer)

    assert client.get(f"/search/?q=zebra&{parameters}").status_code == 404


def test_page_number_without_words_is_a_404(client):
    assert client.get("/search/?page=2").status_code == 404


def test_results_are_paged_with_their_words(client, officer):
    for number in range(11):
        make_live(title=f"Zebra & co {number}", by=officer)

    first, second = client.get("/search/?q=zebra+%26+co"), client.get("/search/?q=zebra+%26+co&page=2")

    assert (len(shown(first)), len(shown(second))) == (10, 1)
    links = html.fromstring(second.text).xpath("//nav[@class='pager']//a/@href")
    assert set(links) == {"/search/?q=zebra+%26+co", "/search/?q=zebra+%26+co&page=2"}


def test_no_result_says_what_to_try(client):
    answer = client.get("/search/?q=gnu")

    text = text_of(answer)
    assert "No message holds “gnu”." in text
    assert "try fewer or other words" in text
    assert {"/ru/search/?q=gnu", "/messages/", "/consular/"} <= set(
        html.fromstring(answer.text).xpath("//main//a/@href")
    )


def test_more_than_a_thousand_says_so(client, officer, monkeypatch):
    monkeypatch.setattr("press.search.MOST", 2)
    for number in range(3):
        make_live(title=f"Zebra {number}", by=officer)

    assert "More than 2 messages hold these words" in text_of(client.get("/search/?q=zebra"))


def test_some_of_the_words_are_said_to_be_some(client, officer):
    make_live(title="Zebra", by=officer)

    text = text_of(client.get("/search/?q=zebra+gnu"))

    assert "No message holds all these words. 1 message holds some of them." in text


def test_results_are_not_for_robots_and_not_kept(client, officer):
    make_live(title="Zebra", by=officer)

    answer = client.get("/search/?q=zebra")

    assert '<meta name="robots" content="noindex">' in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert client.get("/robots.txt").text.count("Disallow: /search/?") == 1
    assert "Disallow: /ru/search/?" in client.get("/robots.txt").text


@pytest.mark.parametrize("number", [1, 30])
def test_search_takes_few_queries_however_many_messages(client, officer, django_assert_num_queries, number):
    for _each in range(number):
        make_live(title="Zebra", by=officer)
    client.get("/search/?q=zebra")

    # What is meant, what is found with its ranks, the topics, the oldest year, the page; afterwards the count: a
    # savepoint's two, the setting, the row.
    with django_assert_num_queries(5 + 4 + BOX):
        client.get("/search/?q=zebra")


# The consular box asks once when there is no office.
BOX = 1


def test_searches_are_counted_once_without_a_cookie(client, officer):
    for number in range(11):
        make_live(title=f"Zebra {number}", by=officer)

    for query in ("q=Zebra", "q=zebra&page=2", "q=zebra&kind=press-releases", "q=zebra&year=2026", "q=gnu", "", "q="):
        answer = client.get(f"/search/?{query}")
        assert not answer.cookies
    client.head("/search/?q=zebra")
    client.get("/ru/search/?q=zebra")

    counted = SearchCount.objects.order_by("pk").values_list("day", "language", "query", "count", "found_nothing")
    assert list(counted) == [
        (NOON.date(), "en", "zebra", 1, False),
        (NOON.date(), "en", "gnu", 1, True),
        (NOON.date(), "ru", "zebra", 1, True),
    ]


def test_search_is_counted_only_after_the_answer(rf):
    request = rf.get("/search/", {"q": "gnu"})
    request.at, request.resolver_match = NOON, None

    answer = search(request)

    assert not SearchCount.objects.exists()
    answer.afterwards()
    assert SearchCount.objects.get().count == 1


def test_counting_happens_once_when_the_answer_is_closed():
    done = []
    answer = CountingResponse("")
    answer.afterwards = lambda: done.append(1)

    with mute_signals():
        answer.close()
        answer.close()

    assert done == [1]


@contextmanager
def mute_signals():
    """Closing an answer tells Django to close the test's connection too."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


def test_officers_see_what_was_looked_for_and_not_found(client, officer):
    client.get("/search/?q=gnu")
    make_live(title="Zebra", by=officer)
    client.get("/search/?q=zebra")
    client.force_login(officer)

    answer = client.get("/admin/press/searchcount/")

    missing, wanted = html.fromstring(answer.text).xpath("//div[@id='content-main']//table/tbody")
    assert [row.xpath("string(td)") for row in missing] == ["gnu"]
    assert [row.xpath("string(td)") for row in wanted] == ["gnu", "zebra"]
    assert client.get("/admin/press/searchcount/?days=7").context["days"] == 7
    assert client.get("/admin/press/searchcount/?days=8").context["days"] == 30


def test_nobody_else_sees_or_changes_the_counts(client, officer):
    client.get("/search/?q=gnu")
    key = SearchCount.objects.get().pk
    staff = User.objects.create_user("guest", password="correct horse", is_staff=True)

    client.force_login(staff)
    assert client.get("/admin/press/searchcount/").status_code == 403
    client.force_login(officer)
    for path in ("add/", f"{key}/change/", f"{key}/delete/"):
        assert client.post(f"/admin/press/searchcount/{path}").status_code == 403, path
    assert SearchCount.objects.get().count == 1
