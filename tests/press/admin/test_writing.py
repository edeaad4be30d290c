"""What stands beside the form of a message: the checklist, the limits, the house style, the preview, the way on."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from press.checks import check_house_style
from press.models import Edition, Kind
from tests.press.admin.desk import content, fields_of, page_of, told
from tests.press.factory import change, make_live, make_message, make_officer


def beside(response):
    """The part beside the form."""
    return html.fromstring(response.content.decode()).find_class("beside")[0]


def checklist_of(response):
    """(kind, sentence, address) of the findings that a page shows."""
    page = html.fromstring(response.content.decode())
    return [
        (item.get("class"), item.find("a").text_content(), item.find("a").get("href"))
        for part in page.find_class("checklist")
        for item in part.iter("li")
    ]


def test_checklist_beside_the_form_leads_to_its_fields(desk):
    message = make_message(kind=Kind.Q_AND_A, title="xx", teaser="So.", questions=[("Why?", "")])

    response = desk.get(page_of(message))

    found = checklist_of(response)
    assert found == [
        ("blocking", "Question 1 has no answer.", "#exchanges-0"),
        ("blocking", "“xx” is still to be filled in.", "#id_title"),
    ]
    page = html.fromstring(response.content.decode())
    assert [page.get_element_by_id(address[1:]).tag for _kind, _sentence, address in found] == ["div", "input"]


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"teaser": ""}, "id_teaser"),
        ({"body": ""}, "id_body"),
        ({"kind": Kind.Q_AND_A}, "exchanges-group"),
        ({"kind": Kind.STATEMENT, "title": "Joint statement"}, "signatories-group"),
        ({"kind": Kind.STATEMENT, "signatories": ["xx"]}, "signatories-0"),
        ({"title": "Дни русской культуры", "body": "<p>Да.</p>"}, "id_language"),
    ],
)
def test_every_anchor_of_the_checklist_is_on_the_form(desk, fields, anchor):
    message = make_message(**{"title": "Title", "teaser": "Teaser", **fields})

    response = desk.get(page_of(message))

    assert f"#{anchor}" in [address for _kind, _sentence, address in checklist_of(response)]
    assert html.fromstring(response.content.decode()).get_element_by_id(anchor) is not None


def test_checklist_of_a_release_holds_it_up(desk):
    message = make_message(title="New hours", teaser="", body="<p>On xx.</p>")

    page = desk.get(page_of(message, "release"))

    assert checklist_of(page) == [
        ("blocking", "“xx” is still to be filled in.", f"{page_of(message)}#id_body"),
        ("warning", "The teaser is empty: lists will say “On xx.”.", f"{page_of(message)}#id_teaser"),
    ]
    assert page.context["refused"] == "The checklist below holds it up: mend first what it says."
    assert 'name="confirmed"' not in page.content.decode()
    data = {"seen": page.context["seen"], "later": "", "confirmed": "now"}
    assert desk.post(page_of(message, "release"), data).context["refused"].startswith("“xx” is still")
    assert not Edition.objects.exists()


def test_checklist_of_warnings_lets_a_correction_through(desk):
    message = change(make_live(), body="<p>More.</p>")

    page = desk.get(page_of(message, "correct"))

    assert [kind for kind, *_rest in checklist_of(page)] == ["warning"]
    assert 'name="confirmed"' in page.content.decode()


def test_checklist_that_found_nothing_says_so(desk):
    page = desk.get(page_of(make_message(title="New hours", teaser="On Saturdays."), "release"))

    assert "Nothing was found." in page.content.decode()
    assert "checklist" not in desk.get(page_of(make_live(), "withdraw")).content.decode()


def test_help_texts_say_the_limits_without_a_script(desk):
    page = html.fromstring(desk.get(reverse("admin:press_pressrelease_add")).content.decode())

    helped = {name: page.get_element_by_id(f"id_{name}_helptext").text_content() for name in ("title", "teaser")}
    assert all(number in helped["title"] for number in ("65", "90", "200"))
    assert all(number in helped["teaser"] for number in ("160", "300"))
    for name in helped:
        described = page.get_element_by_id(f"id_{name}").get("aria-describedby").split()
        assert described == [f"id_{name}_helptext", f"id_{name}_counter"]


def test_house_style_stands_beside_the_form_of_a_new_message(desk):
    part = beside(desk.get(reverse("admin:press_statement_add")))

    assert part.find_class("house-style")[0].find("summary").text == "House style"
    assert "The first lines" in part.text_content()
    assert part.find_class("checklist") == []
    assert list(part.iter("iframe")) == []


def test_office_replaces_the_house_style_by_its_own(desk, settings, tmp_path):
    own = tmp_path / "own.html"
    own.write_text("<h3>Ours</h3><p onclick='x()'>Be brief.</p><script>x()</script>", encoding="utf-8")
    settings.HOUSE_STYLE = {"en": str(own), "ru": ""}

    shown = beside(desk.get(reverse("admin:press_statement_add"))).find_class("house-style")[0]

    assert html.tostring(shown, encoding="unicode").count("Be brief.") == 1
    assert "The first lines" not in shown.text_content()
    assert shown.xpath(".//script | .//@onclick") == []
    assert check_house_style(None) == []


def test_house_style_that_cannot_be_read_is_found_at_the_start(settings, tmp_path):
    settings.HOUSE_STYLE = {"en": str(tmp_path / "missing.html"), "ru": str(tmp_path / "missing.html")}

    assert [error.id for error in check_house_style(None)] == ["press.E005"]


def test_preview_beside_the_form_is_the_real_page(desk):
    message = make_message(title="New hours")

    frame = next(beside(desk.get(page_of(message))).iter("iframe"))

    shown = desk.get(frame.get("src"))
    assert [template.name for template in shown.templates] == ["press/preview.html"]
    assert "New hours" in shown.content.decode()
    assert frame.get("title") == "Preview of what is saved"


def test_preview_alone_may_stand_in_a_frame_and_only_in_ours(desk):
    message = make_message()
    loose = ["frame-ancestors 'self'"], "SAMEORIGIN"
    strict = ["frame-ancestors 'none'"], "DENY"

    def framing(response):
        policy = response.headers["Content-Security-Policy"].split("; ")
        return [rule for rule in policy if "frame-ancestors" in rule], response.headers["X-Frame-Options"]

    preview = desk.get(page_of(message, "preview"))
    assert framing(preview) == loose
    public = desk.get("/").headers["Content-Security-Policy"].replace(strict[0][0], loose[0][0]).split("; ")
    assert set(public) - set(preview.headers["Content-Security-Policy"].split("; ")) == {
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    }
    for path in (page_of(message), page_of(message, "release"), reverse("admin:index"), "/"):
        assert framing(desk.get(path)) == strict


def test_form_may_show_frames_of_its_own_site_only(desk):
    policy = desk.get(page_of(make_message())).headers["Content-Security-Policy"].split("; ")

    assert "frame-src 'self'" in policy
    assert not any("frame-src" in rule for rule in desk.get("/").headers["Content-Security-Policy"].split("; "))


def test_save_and_go_to_release(desk):
    add = reverse("admin:press_pressrelease_add")

    response = desk.post(add, content(title="New hours", _release="1"))

    message = Edition._meta.get_field("message").related_model.objects.get()
    assert (response.status_code, response.url) == (302, page_of(message, "release"))
    form = desk.get(page_of(message))
    response = desk.post(page_of(message), fields_of(form) | {"title": "Newer hours", "_release": "1"})
    message.refresh_from_db()
    assert (response.url, message.title) == (page_of(message, "release"), "Newer hours")


def test_save_and_go_to_release_of_a_live_message_goes_to_its_correction(desk):
    message = make_live()
    form = fields_of(desk.get(page_of(message)))

    response = desk.post(page_of(message), form | {"title": "Newer", "_release": "1"})

    assert response.url == page_of(message, "correct")


def test_save_and_go_to_release_of_what_is_live_stays_on_the_form(desk):
    message = make_live()

    response = desk.post(page_of(message), fields_of(desk.get(page_of(message))) | {"_release": "1"}, follow=True)

    assert response.redirect_chain == [(page_of(message), 302)]
    assert told(response)[-1] == "Readers see this text already: there is nothing to release."


def test_who_may_not_release_is_not_led_there(client, db):
    writer = make_officer()
    writer.groups.clear()
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["change_pressrelease", "view_pressrelease"]))
    client.force_login(writer)
    message = make_message()
    response = client.get(page_of(message))

    assert 'name="_release"' not in response.content.decode()
    answer = client.post(page_of(message), fields_of(response) | {"_release": "1"})
    assert answer.url == page_of(message)


def test_form_asks_the_database_no_more_for_a_long_text(desk):
    counts = []
    for length in (1, 300):
        message = make_message(title="New hours", body="<p>Its text.</p>" * length)
        desk.get(page_of(message))
        with CaptureQueriesContext(connection) as queries:
            desk.get(page_of(message))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25
