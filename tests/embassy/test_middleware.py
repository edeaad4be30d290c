"""What every public answer has, and has not: asked of every public page, feed and sitemap."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from lxml import html

from embassy import clock, middleware
from press.acts import Seen
from press.models import Kind
from press.withdraw import withdraw
from tests.consular.factory import make_office, publish
from tests.press.factory import make_correction, make_live, make_officer

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
}
OTHER_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": middleware.PERMISSIONS_POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LISTS = ["/messages/", *(f"/messages/{kind.slug}/" for kind in Kind)]
MESSAGES = [f"/messages/2026/05/12/{slug}/" for slug in ("release", "statement", "answers", "ended")]
PAGES = [
    "/",
    *LISTS,
    "/messages/?page=1",
    "/messages/2026/",
    "/messages/2026/05/",
    "/messages/statements/2026/",
    "/messages/statements/2026/05/",
    *MESSAGES,
    "/consular/",
    "/accessibility/",
    "/privacy/",
]
UNKNOWN = ["/unknown/", "/messages/?page=99", "/messages/2026/05/12/unknown/", "/messages/1999/"]
FEEDS = [f"{path.removesuffix('messages/')}feeds/{name}.xml" for path in LISTS for name in ("atom", "rss")]
SITEMAPS = [f"/sitemap{name}.xml" for name in ("", "-pages-en", "-pages-ru", "-messages-en-2026", "-messages-ru-2026")]
HTML = [prefix + path for prefix in ("", "/ru") for path in PAGES]
MISSING = [prefix + path for prefix in ("", "/ru") for path in UNKNOWN]
PUBLIC = [*HTML, *(prefix + path for prefix in ("", "/ru") for path in FEEDS), *SITEMAPS, "/robots.txt"]


@pytest.fixture
def site(freeze):
    """A site with a message of each kind and a withdrawn one, in each language, and an office."""
    freeze(NOON)
    make_office()
    publish()
    by = make_officer()
    for language in ("en", "ru"):
        fields = {"language": language, "by": by}
        release = make_live(slug="release", **fields)
        make_live(slug="statement", kind=Kind.STATEMENT, signatories=["One side", "Another side"], **fields)
        questions = [(f"Question {number}?", "<p>Answer.</p>") for number in range(4)]
        make_live(slug="answers", kind=Kind.Q_AND_A, questions=questions, **fields)
        ended = make_live(slug="ended", **fields)
        freeze(NOON + timedelta(minutes=1))
        make_correction(release, note="Readers are told.")
        withdraw(ended, Seen.of(ended), by, "Released too early.")
        freeze(NOON)
    freeze(NOON + timedelta(minutes=2))


def answers(client, paths, status=200, **headers):
    """The answers to `paths`, by path; each has the `status`."""
    found = {path: client.get(path, headers=headers) for path in paths}
    assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(paths, status)
    return found


@pytest.mark.parametrize(("paths", "status"), [(PUBLIC, 200), (MISSING, 404)])
def test_public_answers_carry_the_strict_policy_and_nothing_looser(client, site, paths, status):
    for path, answer in answers(client, paths, status).items():
        assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY, path
        assert "Content-Security-Policy-Report-Only" not in answer.headers, path


@pytest.mark.parametrize(("paths", "status"), [(PUBLIC, 200), (MISSING, 404)])
def test_public_answers_tell_the_browser_what_no_page_needs(client, site, paths, status):
    for path, answer in answers(client, paths, status).items():
        assert {name: answer.headers.get(name) for name in OTHER_HEADERS} == OTHER_HEADERS, path


@pytest.mark.parametrize(("paths", "status"), [(PUBLIC, 200), (MISSING, 404)])
def test_public_answers_set_no_cookie_and_depend_on_none(client, site, paths, status):
    for path, answer in answers(client, paths, status).items():
        assert not answer.cookies, path
        varies = {name.strip().lower() for name in answer.headers.get("Vary", "").split(",")}
        assert not varies & {"cookie", "accept-language", "*"}, path


def test_public_pages_are_the_same_for_an_officer_who_is_signed_in(client, site):
    officer = Client()
    officer.force_login(User.objects.get())

    for path, answer in answers(officer, PUBLIC).items():
        assert answer.content == client.get(path).content, path
        assert "Cookie" not in answer.headers.get("Vary", ""), path


def inline(content):
    """What of a page a strict policy would refuse: styles, scripts and handlers within it, `javascript:`."""
    page = html.fromstring(content)
    return [
        *page.xpath("//style | //@style | //base | //iframe | //object"),
        # Linked data are data: no browser runs them.
        *page.xpath("//script[not(@type='application/ld+json') and (not(@src) or normalize-space())]"),
        *page.xpath("//@*[starts-with(name(), 'on')]"),
        *page.xpath("//@*[starts-with(normalize-space(), 'javascript:') or starts-with(normalize-space(), 'data:')]"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        "<style>p{}</style>",
        "<p style='a'>",
        "<script>1</script>",
        "<script src='/a.js'>1</script>",
        "<p onclick='1'>",
        "<a href=' javascript:1'>",
    ],
)
def test_inline_parts_would_be_seen(fault):
    assert len(inline(f"<html><head></head><body><p>Text</p>{fault}</body></html>")) == 1


def test_pages_have_nothing_inline(client, site):
    for path, answer in (answers(client, HTML) | answers(client, MISSING, 404)).items():
        assert inline(answer.content) == [], path


def test_pages_load_nothing_from_elsewhere(client, site):
    for path, answer in answers(client, HTML).items():
        page = html.fromstring(answer.content)
        loaded = page.xpath("//@src | //link[@rel='stylesheet' or @rel='preload' or @rel='icon']/@href")
        assert loaded, path
        assert [address for address in loaded if not address.startswith("/static/")] == [], path


def test_host_the_visitor_named_appears_nowhere(client, site):
    client.defaults["HTTP_HOST"] = "localhost"

    for path, answer in (answers(client, PUBLIC) | answers(client, MISSING, 404)).items():
        assert "localhost" not in answer.content.decode(), path
        assert "localhost" not in str(answer.headers), path


def test_redirect_of_an_old_address_does_not_name_the_host(client, freeze):
    freeze(NOON)
    message = make_live(slug="old")
    freeze(NOON + timedelta(minutes=1))
    make_correction(message, slug="new")

    answer = client.get("/messages/2026/05/12/old/", headers={"host": "localhost"})

    assert (answer.status_code, answer.headers["Location"]) == (301, "/messages/2026/05/12/new/")


def test_browser_asks_again_about_every_public_answer(client, site):
    for path, answer in (answers(client, PUBLIC) | answers(client, MISSING, 404)).items():
        assert answer.headers["Cache-Control"] == "max-age=0, must-revalidate", path


def test_browser_asks_again_about_a_permanent_redirect(client, freeze):
    freeze(NOON)
    message = make_live(slug="old")
    freeze(NOON + timedelta(minutes=1))
    make_correction(message, slug="new")

    answer = client.get("/messages/2026/05/12/old/")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (301, "max-age=0, must-revalidate")


def test_unknown_host_is_refused(client, db):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("accepted", ["ru-RU,ru;q=0.9,en;q=0.1", ""])
def test_address_alone_decides_the_language(client, site, accepted):
    client.cookies["django_language"] = "ru"
    for prefix, language, other in (("", "en", "Русский"), ("/ru", "ru", "English")):
        for path, answer in answers(client, [prefix + path for path in PAGES], **{"accept-language": accepted}).items():
            page = html.fromstring(answer.content)
            assert page.get("lang") == language, path
            assert answer.headers["Content-Language"] == language, path
            assert page.xpath("//li[@class='language']/a/text()") == [other], path


@pytest.mark.parametrize("path", ["/en/", "/de/", "/rus/", "/en/messages/"])
def test_address_of_no_language_is_unknown_in_english(client, db, path):
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Content-Language"]) == (404, "en")


@pytest.mark.parametrize("path", ["/RU/messages/", "/ru-RU/messages/"])
def test_address_that_spells_its_language_otherwise_is_unknown_in_it(client, db, path):
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Content-Language"]) == (404, "ru")
    assert html.fromstring(answer.content).get("lang") == "ru"


@pytest.mark.parametrize(("language", "home"), [("en", "/"), ("ru", "/ru/")])
def test_unknown_address_gets_a_designed_page(client, site, language, home):
    answer = client.get(f"{home}unknown/")

    page = html.fromstring(answer.content)
    assert answer.status_code == 404
    with translation.override(language):
        assert [heading.text for heading in page.iter("h1")] == [gettext("Page not found")]
    assert page.find_class("clocks")
    assert page.find_class("consular-box")
    assert page.xpath("//p[@class='mission']/a/@href") == [home]
    assert page.xpath("//ul[@class='ways']//a/@href") == [home, f"{home}messages/", f"{home}consular/"]


def test_page_of_a_failure_needs_neither_database_nor_context():
    # Without the fixture db a query would be an error.
    shown = render_to_string("500.html")

    page = html.fromstring(shown)
    assert [heading.text for heading in page.iter("h1", "h2")] == ["Something went wrong", "Произошла ошибка"]
    assert page.xpath("//a/@href") == ["/", "/ru/"]
    assert inline(shown) == []


def test_failure_is_a_500_in_both_languages_with_the_strict_policy(monkeypatch, db):
    def fail(*_arguments):
        raise RuntimeError("as if the database were gone")

    monkeypatch.setattr("press.views.render", fail)

    answer = Client(raise_request_exception=False).get("/")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Произошла ошибка" in answer.text
    assert "as if the database were gone" not in answer.text
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY


def test_request_has_one_moment(rf, monkeypatch):
    moments = iter([NOON, NOON + timedelta(seconds=1)])
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    view = middleware.moment(lambda request: HttpResponse(f"{request.at} {request.at}"))

    assert view(rf.get("/")).text == f"{NOON} {NOON}"


def test_view_may_set_its_own_headers(rf):
    answer = HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin", "Content-Language": "de"})

    for around in (middleware.headers, middleware.language_of_address):
        around(lambda request: answer)(rf.get("/"))

    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Language"] == "de"


def test_language_ends_with_the_request(rf):
    seen = []

    def view(request):
        seen.append(translation.get_language())
        return HttpResponse()

    middleware.language_of_address(view)(rf.get("/ru/messages/"))

    assert (seen, translation.get_language()) == (["ru"], settings.LANGUAGE_CODE)


@pytest.mark.parametrize("feature", ["camera", "geolocation", "microphone", "payment", "usb", "browsing-topics"])
def test_policy_of_permissions_refuses(feature):
    assert f"{feature}=()" in middleware.PERMISSIONS_POLICY.split(", ")


def test_static_file_has_the_headers_of_a_page_and_runs_nothing():
    given = {}
    settings.WHITENOISE_ADD_HEADERS_FUNCTION(given, "static/icons/icon.svg", "/static/icons/icon.svg")

    assert given["Cross-Origin-Resource-Policy"] == "same-origin"
    assert given["Permissions-Policy"] == middleware.PERMISSIONS_POLICY
    assert "default-src 'none'" in given["Content-Security-Policy"]
    assert "script-src" not in given["Content-Security-Policy"]


def test_office_has_the_same_policy_but_for_what_djangos_scripts_need(client, db):
    answer = client.get("/admin/login/")

    assert set(answer.headers["Content-Security-Policy"].split("; ")) == {
        part for part in POLICY if "trusted-types" not in part
    }
