from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest

from press.acts import Seen
from press.models import Kind
from press.withdraw import withdraw
from tests.press.factory import make_copies, make_correction, make_live, make_officer, make_topic

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
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


def read(client, path, status=200):
    """An answer's content; every answer is JSON and sets no cookie."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json"), path
    assert not answer.cookies
    return answer.json()


def titles(page):
    return [message["title"] for message in page["messages"]]


def test_list_tells_of_each_message_under_names_that_stay(client, freeze, officer):
    message = make_live(
        title="A & <b>",
        teaser="A teaser.",
        slug="one",
        topics=[make_topic("culture", "Culture", "Культура")],
        by=officer,
    )
    freeze(NOON + MINUTE)
    edition = make_correction(message, title="B", note="Told.")

    page = read(client, "/api/messages/")

    assert page == {
        "messages": [
            {
                "id": message.pk,
                "uri": f"tag:press.example.org,2026:message/{message.pk}",
                "url": f"{SITE}/messages/2026/05/12/one/",
                "api_url": f"{SITE}/api/messages/{message.pk}/",
                "kind": "press-release",
                "language": "en",
                "title": "B",
                "teaser": "A teaser.",
                "translations": [],
                "topics": [
                    {"slug": "culture", "name": "Culture", "url": f"{SITE}/messages/topics/culture/"},
                ],
                "published_at": "2026-05-12T12:00:00+01:00",
                "updated_at": "2026-05-12T12:01:00+01:00",
                "edition": 2,
                "sha256": edition.sha256,
            }
        ],
        "next": None,
    }


def test_list_is_of_a_topic_in_each_language(client, officer):
    culture, trade = make_topic("culture", "Culture", "Культура"), make_topic("trade", "Trade", "Торговля")
    make_live(title="One", by=officer, topics=[culture, trade])
    make_live(title="Два", language="ru", by=officer, topics=[culture])
    make_live(title="Three", by=officer, topics=[trade])
    make_live(title="Later", by=officer, topics=[trade], at=NOON + MINUTE)

    assert titles(read(client, "/api/messages/?topic=culture")) == ["Два", "One"]
    assert titles(read(client, "/api/messages/?topic=trade&limit=1&language=en")) == ["Three"]
    assert titles(read(client, "/api/messages/?topic=unknown")) == []
    russian = read(client, "/api/messages/?topic=culture&language=ru")["messages"][0]
    assert russian["topics"] == [{"slug": "culture", "name": "Культура", "url": f"{SITE}/ru/messages/topics/culture/"}]


def test_message_is_told_whole(client, officer):
    message = make_live(
        kind=Kind.STATEMENT, language="ru", title="Заявление", body="<p>Текст.</p>", signed_in="Лондон",
        signed_on=date(2026, 5, 11), signatories=["Сад"], by=officer,
    )  # fmt: skip
    (listed,) = read(client, "/api/messages/")["messages"]

    whole = read(client, f"/api/messages/{message.pk}/")

    assert whole == listed | {
        "content_html": "<p>Текст.</p><p>Лондон, 11 мая 2026</p><ul><li>Сад</li></ul>",
        "signed_in": "Лондон",
        "signed_on": "2026-05-11",
        "signatories": [{"on_behalf_of": "Сад", "name": "", "office": ""}],
        "questions": [],
    }


def test_questions_are_told_with_their_answers(client, officer):
    message = make_live(kind=Kind.Q_AND_A, questions=[("<p>Why?</p>", "<p>So.</p>")], by=officer)

    assert read(client, f"/api/messages/{message.pk}/")["questions"] == [
        {"question_html": "Why?", "answer_html": '<p id="p2">So.</p>'}
    ]


def test_list_is_walked_by_cursor_without_gap_or_repetition(client, freeze, officer):
    for number in range(3):
        freeze(NOON + number * MINUTE)
        for language in ("en", "ru"):
            make_live(title=f"{number} {language} 1", language=language, by=officer)
            make_live(title=f"{number} {language} 2", language=language, by=officer)
    every = titles(read(client, "/api/messages/?limit=100"))

    found, path = [], "/api/messages/?limit=5"
    while path:
        page = read(client, path)
        found.append(titles(page))
        path = page["next"] and page["next"].removeprefix(SITE)
        freeze(NOON + timedelta(days=len(found)))
        make_live(title="Meanwhile", by=officer)

    assert [len(page) for page in found] == [5, 5, 2]
    assert [title for page in found for title in page] == every
    assert every[:4] == ["2 ru 2", "2 ru 1", "2 en 2", "2 en 1"]


def test_list_is_narrowed_by_its_parameters(client, freeze, officer):
    freeze(NOON - timedelta(days=400))
    make_live(title="Old", by=officer)
    freeze(NOON)
    make_live(title="English", by=officer)
    make_live(title="Statement", kind=Kind.STATEMENT, by=officer)
    make_live(title="Russian", language="ru", by=officer)

    for parameters, wanted in {
        "": {"Old", "English", "Statement", "Russian"},
        "language=en": {"Old", "English", "Statement"},
        "language=ru": {"Russian"},
        "kind=statement": {"Statement"},
        "year=2025": {"Old"},
        "year=2026&language=en&kind=press-release": {"English"},
    }.items():
        assert set(titles(read(client, f"/api/messages/?{parameters}"))) == wanted
    following = read(client, "/api/messages/?language=en&limit=1&year=2026")["next"]
    assert "language=en" in following
    assert "year=2026" in following


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ("colour=red", "unknown-parameter"),
        ("kind=statement&kind=q-and-a", "repeated-parameter"),
        ("kind=", "bad-kind"),
        ("topic=", "bad-topic"),
        ("topic=Culture", "bad-topic"),
        ("topic=a%00", "bad-topic"),
        ("kind=statements", "bad-kind"),
        ("language=de", "bad-language"),
        ("year=0", "bad-year"),
        ("year=26x", "bad-year"),
        ("year=99999", "bad-year"),
        ("year=٢٠٢٦", "bad-year"),
        ("limit=0", "bad-limit"),
        ("limit=101", "bad-limit"),
        ("limit=-1", "bad-limit"),
        ("cursor=", "bad-cursor"),
        ("cursor=%00", "bad-cursor"),
        ("cursor=2026-13-01T00:00:00Z~1", "bad-cursor"),
        ("cursor=2026-05-12T11:00:00Z~" + "9" * 30, "bad-cursor"),
    ],
)
def test_parameter_that_makes_no_sense_is_a_400_in_json(client, parameters, code):
    error = read(client, f"/api/messages/?{parameters}", 400)["error"]

    assert (error["status"], error["code"]) == (400, code)


def test_what_was_sent_is_not_sent_back(client):
    for path in ("/api/messages/?%s=1", "/api/messages/?kind=%s", "/api/%s"):
        assert "script" not in client.get(path % quote("<script>")).text


def test_message_that_is_not_there_says_so_in_json(client, freeze, officer):
    ended = make_live(by=officer)
    scheduled = make_live(at=NOON + 2 * MINUTE, by=officer)
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), officer, "The reason")

    assert read(client, f"/api/messages/{ended.pk}/", 410)["error"]["code"] == "gone"
    for path in (f"messages/{scheduled.pk}/", "messages/999999999/", f"messages/{10**30}/", "messages/x/", "feeds/"):
        assert read(client, f"/api/{path}", 404)["error"]["code"] == "not-found"
    assert read(client, f"/api/messages/{scheduled.pk}/?x=1", 400)["error"]["code"] == "unknown-parameter"
    freeze(NOON + 2 * MINUTE)
    assert read(client, f"/api/messages/{scheduled.pk}/")["id"] == scheduled.pk


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_interface_can_only_be_read(client, officer, method):
    key = make_live(by=officer).pk

    for path in ("/api/messages/", f"/api/messages/{key}/"):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
        assert answer.json()["error"]["code"] == "read-only"
        assert client.head(path).status_code == 200


def test_answer_that_has_not_changed_is_not_sent_again(client, freeze, officer):
    message = make_live(by=officer)
    for minute, path in enumerate(["/api/messages/", f"/api/messages/{message.pk}/"], start=1):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        freeze(NOON + minute * MINUTE)
        make_correction(message)
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_list_takes_a_query_for_each_language_however_many_messages(client, officer, django_assert_num_queries):
    message = make_live(by=officer)
    make_copies(message, 1000)

    with django_assert_num_queries(2):
        page = read(client, "/api/messages/")
    with django_assert_num_queries(2):
        following = read(client, page["next"].removeprefix(SITE))

    assert (len(page["messages"]), len(following["messages"])) == (20, 20)


def test_page_about_the_interface_names_addresses_that_are_there(client):
    for prefix in ("", "/ru"):
        text = client.get(f"{prefix}/api/").text
        assert f"{SITE}/api/messages/" in text
        assert f'href="{prefix}/api/"' in client.get(f"{prefix}/").text
