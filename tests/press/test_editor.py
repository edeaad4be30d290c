"""The editor offers exactly the allow-list, its field cleans, and its fence is checked."""

import json
import re
from pathlib import Path

import pytest
from ckeditor.fields import RichTextField as UncleanField
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse
from django.utils import translation

from press import checks, editor, richtext, richtext_form

OFFERS = {"text": editor.BLOCK_OFFERS[2], "answer": editor.BLOCK_OFFERS[3], "question": editor.INLINE_OFFER}
small_admin = pytest.mark.urls("tests.press.editor_site.urls")


def rules(config):
    """CKEditor's allowedContent as {tag: attributes}."""
    found = {}
    for rule in config["allowedContent"].split("; "):
        tags, _bracket, attributes = rule.rstrip("]").partition("[")
        for tag in tags.split():
            found[tag] = {name.removeprefix("!") for name in attributes.split(",") if name}
    return found


# The tool bar, allowedContent and the allow-list


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS.keys())
def test_offer_lets_through_what_its_tools_make_and_cleaning_keeps(offer):
    allowed = rules(offer.config)

    assert allowed.keys() == offer.tags
    assert all(attributes == richtext.ATTRIBUTES.get(tag, set()) for tag, attributes in allowed.items())


def test_offers_together_are_exactly_the_allow_list():
    assert OFFERS["text"].tags == richtext.TAGS
    assert OFFERS["answer"].tags == richtext.TAGS - {"h2"}
    assert OFFERS["question"].tags == richtext.INLINE_TAGS


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS.keys())
def test_offer_has_a_button_for_each_of_its_own_tools(offer):
    own = {entry["name"] for entry in offer.config["pressStyles"] + offer.config["pressCommands"]}

    assert own == {tool for tool in offer.tools if re.match("H[234]|Language", tool) or tool in editor.TABLE_TOOLS}
    assert {"LanguageEN", "LanguageRU"} <= own


@pytest.mark.parametrize("language", ["en", "ru"])
def test_languages_of_parts_survive_cleaning(language):
    style = next(s for s in editor.INLINE_OFFER.config["pressStyles"] if s["name"] == f"Language{language.upper()}")
    part = f'<span lang="{language}" dir="ltr">x</span>'

    assert style["attributes"] == {"lang": language, "dir": "ltr"}
    assert richtext.clean_inline(part) == part


# The field


def test_field_cleans_what_comes_back():
    field = editor.RichTextFormField()

    assert field.clean('<p onclick="x">a<script>b</script></p>\r\n') == "<p>a</p>"


def test_field_cleans_what_goes_into_the_editor():
    field = editor.RichTextFormField()

    assert field.prepare_value("<script>x</script><b>a</b>") == "<p><strong>a</strong></p>"
    assert field.prepare_value(None) is None


def test_inline_field_keeps_a_line():
    field = editor.RichTextFormField(inline=True)

    assert field.clean("<p>Why <b>now</b>?</p>") == "Why <strong>now</strong>?"
    assert field.prepare_value("<h2>Why?</h2>") == "Why?"


def test_answers_headings_stay_below_the_question():
    field = editor.RichTextFormField(top_heading=3)

    assert field.clean("<h2>a</h2>") == "<h3>a</h3>"
    assert field.prepare_value("<h2>a</h2>") == "<h3>a</h3>"


@pytest.mark.parametrize("empty", ["", None, "<p>&nbsp;</p>", "<p><br></p>", "<script>x</script>"])
def test_required_field_refuses_a_text_without_words(empty):
    with pytest.raises(ValidationError, match="required"):
        editor.RichTextFormField().clean(empty)

    assert editor.RichTextFormField(required=False).clean(empty) == ""


def test_field_sees_no_change_in_the_editors_own_spelling():
    field = editor.RichTextFormField()
    stored = field.clean("<p>a<br>b&nbsp;c</p>")

    assert not field.has_changed(stored, "<p>a<br />\r\nb&nbsp;c</p>\r\n\r\n<p>&nbsp;</p>\r\n")
    assert field.has_changed(stored, "<p>a<br />b d</p>")


def test_field_never_asks_the_browser_to_require_the_hidden_textarea():
    rendered = editor.RichTextFormField().widget.render("body", "", {"id": "id_body"})

    assert "data-config" in rendered
    assert " required" not in rendered


def test_widget_speaks_the_active_language_and_leaves_no_trace_of_it():
    widget = editor.RichTextFormField().widget

    with translation.override("ru"):
        russian = json.loads(widget.get_context("body", "", {})["widget"]["config"])
    english = json.loads(widget.get_context("body", "", {})["widget"]["config"])

    assert (russian["language"], english["language"]) == ("ru", "en")
    assert english["contentsCss"] == ["/static/press/editor/content.css"]
    assert "language" not in editor.BLOCK_OFFERS[2].config


# The policy


@pytest.fixture
def officer(client, db):
    user = User.objects.create_superuser("officer")
    client.force_login(user)
    return user


def policy_of(response):
    """The Content-Security-Policy as {directive: set of sources}."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in parts}


@small_admin
def test_form_pages_get_the_looser_policy_and_no_other_page(client, officer):
    entry = LogEntry.objects.create(user=officer, action_flag=ADDITION, change_message="<p>a</p>")
    strict = policy_of(client.get(reverse("small:index")))

    for form in [
        reverse("small:admin_logentry_add"),
        reverse("small:admin_logentry_change", args=[entry.pk]),
    ]:
        assert policy_of(client.get(form)) == {
            **strict,
            "style-src": {"'self'", "'unsafe-inline'"},
            "img-src": {"'self'", "data:"},
            "frame-src": {"'self'"},
        }
    assert policy_of(client.get(reverse("small:admin_logentry_changelist"))) == strict
    assert policy_of(client.get(reverse("small:admin_logentry_delete", args=[entry.pk]))) == strict
    assert strict["style-src"] == {"'self'"}
    assert strict["script-src"] == {"'self'"}


@small_admin
def test_posted_form_stores_clean_text(client, officer):
    entry = LogEntry.objects.create(user=officer, action_flag=ADDITION, change_message="<p>a</p>")
    url = reverse("small:admin_logentry_change", args=[entry.pk])

    response = client.post(url, {"change_message": "<p onclick=x>b</p><script>c</script><img src=x onerror=d>"})

    entry.refresh_from_db()
    assert response.status_code == 302
    assert entry.change_message == "<p>b</p>"


@small_admin
def test_form_shows_stored_text_cleaned(client, officer):
    entry = LogEntry.objects.create(user=officer, action_flag=ADDITION, change_message="<p>a</p><script>evil</script>")

    shown = client.get(reverse("small:admin_logentry_change", args=[entry.pk]))

    assert shown.context["adminform"].form["change_message"].value() == "<p>a</p>"
    assert "&lt;p&gt;a&lt;/p&gt;" in shown.content.decode()
    assert "evil" not in re.search("<textarea.*?</textarea>", shown.content.decode(), re.DOTALL)[0]


# The fence


def test_fence_stands():
    assert [error for check in checks.CHECKS for error in check(None)] == []


def test_fence_is_among_the_system_checks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor.Offer, "config", {"allowedContent": True})
        with pytest.raises(Exception, match=r"press\.E002"):
            call_command("check")


def test_check_finds_the_uploader(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "ckeditor_uploader"]

    assert [error.id for error in checks.check_uploader(None)] == ["press.E001"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"allowedContent": True}, "allowedContent is not"),
        ({"allowedContent": "p script"}, "allowedContent is not"),
        ({"extraAllowedContent": "script"}, "another way in"),
        ({"fullPage": True}, "another way in"),
        ({"versionCheck": True}, "versionCheck"),
        ({"removePlugins": "wsc"}, "does not name exportpdf, filebrowser, iframe, image, preview, sourcearea"),
    ],
)
def test_check_finds_a_loose_configuration(change, fault):
    offer = editor.INLINE_OFFER

    assert list(checks.faults_of(offer.config, offer.tags)) == []
    faults = list(checks.faults_of({**offer.config, **change}, offer.tags))

    assert len(faults) == 1
    assert fault in faults[0]


def test_check_finds_a_tag_that_cleaning_removes():
    tags = frozenset({"p", "img"})
    config = {**editor.INLINE_OFFER.config, "allowedContent": editor.allowed_content(tags)}

    assert list(checks.faults_of(config, tags)) == ["it offers img, which cleaning removes"]


def test_check_finds_a_configuration_in_the_settings(settings):
    settings.CKEDITOR_CONFIGS = {"default": {"allowedContent": True}}

    assert [error.id for error in checks.check_settings(None)] == ["press.E003"]


@isolate_apps("press")
def test_check_finds_a_field_that_does_not_clean(monkeypatch):
    class Leaflet(models.Model):
        text = UncleanField()

        class Meta:
            app_label = "press"

        def __str__(self):
            return self.text

    monkeypatch.setattr(apps, "get_models", lambda: [Leaflet])

    assert [(error.id, error.obj) for error in checks.check_fields(None)] == [
        ("press.E004", Leaflet._meta.get_field("text"))
    ]


# What is published


def published():
    return {path for finder in get_finders() for path, _storage in finder.list([])}


def test_collectstatic_leaves_out_what_must_not_be_public():
    source = Path(apps.get_app_config("ckeditor").path) / "static"
    bundle = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    unwanted = re.compile(
        r"/(exportpdf|scayt|wsc|codesnippet\w*|preview|adobeair|devtools|flash|iframe|image|uploadimage)/|"
        r"\.md$|\.html$|bender-runner|galleriffic"
    )
    must_not = {path for path in bundle if unwanted.search(path)}

    assert len(must_not) > 100
    assert published() & must_not == set()


def test_collectstatic_publishes_what_the_editor_loads(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path

    call_command("collectstatic", interactive=False, verbosity=0)

    folder = tmp_path / "ckeditor" / "ckeditor"
    # By their plain names: the editor knows no hashes.
    for path in ["skins/moono-lisa/editor.css", "lang/en.js", "lang/ru.js", "plugins/link/dialogs/link.js"]:
        assert (folder / path).is_file()
    assert not (folder / "plugins" / "exportpdf").exists()
    assert not (folder / "plugins" / "preview").exists()


def test_tables_parts_are_all_known_to_the_tool():
    assert editor.MAKES["Table"] == set(richtext_form.TABLE)
