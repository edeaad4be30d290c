"""The preview is the real page, for officers only."""

import pytest
from django.template import engines
from jinja2 import meta

from press.models import Address, Edition, Kind
from tests.press.admin.desk import page_of
from tests.press.factory import change, make_live, make_message


def parents_of(name):
    """The templates that a public page's template names."""
    environment = engines["jinja2"].env
    source, _path, _is_current = environment.loader.get_source(environment, name)
    return set(meta.find_referenced_templates(environment.parse(source)))


def test_preview_shows_the_draft_as_its_page(desk):
    message = make_message(title="New hours", body="<p>Longer hours.</p>")

    response = desk.get(page_of(message, "preview"))

    html = response.content.decode()
    assert [template.name for template in response.templates] == ["press/preview.html"]
    assert "press/message.html" in parents_of("press/preview.html")
    assert "Draft preview. Only the office can see this page." in html
    assert '<h1 class="title p-name">New hours</h1>' in html
    assert "Longer hours." in html
    assert not Edition.objects.exists()
    assert not Address.objects.exists()


def test_preview_shows_the_newer_draft_of_a_live_message(desk):
    message = change(make_live(title="Old title"), title="New title")

    html = desk.get(page_of(message, "preview")).content.decode()

    assert "New title" in html
    assert "Old title" not in html
    assert Edition.objects.get().title == "Old title"


def test_preview_shows_parts(desk):
    answered = make_message(Kind.Q_AND_A, questions=[("Why?", "<p>So.</p>")])
    signed = make_message(Kind.STATEMENT, signatories=["One side", "Other side"])

    assert "Why?" in desk.get(page_of(answered, "preview")).content.decode()
    assert "Other side" in desk.get(page_of(signed, "preview")).content.decode()


def test_preview_is_in_the_language_of_the_message(desk):
    message = make_message(language="ru", title="Новые часы")

    response = desk.get(page_of(message, "preview"))

    assert response.headers["Content-Language"] == "ru"
    assert '<html lang="ru">' in response.content.decode()
    # The next page of the office is in the office's language.
    assert desk.get(page_of(message)).headers["Content-Language"] == "en"


def test_preview_is_not_kept_nor_found(desk):
    response = desk.get(page_of(make_message(), "preview"))

    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    html = response.content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
    assert not response.cookies


def test_preview_is_under_the_strict_policy(desk):
    policy = desk.get(page_of(make_message(), "preview")).headers["Content-Security-Policy"]

    assert "unsafe-inline" not in policy


@pytest.mark.django_db
def test_preview_is_for_officers_only(client):
    response = client.get(page_of(make_message(title="Secret"), "preview"))

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")
