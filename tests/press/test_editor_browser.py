"""The editor in Chromium, in Django's admin, under the Content-Security-Policy that officers get."""

import re

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.urls import reverse

from tests.press.test_pasted import KEPT, pasted

pytest_plugins = ["tests.browser"]
pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.press.editor_site.urls")]


class Editor:
    """One CKEditor of a page, as an officer uses it."""

    def __init__(self, page, name="id_change_message"):
        self.page, self.name = page, name
        self.frame = page.locator(f"#cke_{name}")
        self.body = self.frame.frame_locator("iframe.cke_wysiwyg_frame").locator("body[contenteditable=true]")

    def ready(self):
        """Wait until it can be written in."""
        self.body.wait_for()
        self.page.wait_for_function("name => CKEDITOR.instances[name].status === 'ready'", arg=self.name)
        return self

    def press(self, tool):
        """Press a button of the tool bar."""
        self.frame.locator(f".cke_button__{tool.lower()}").click()

    def write(self, *keys):
        """Type each text, or press it if it is the name of a key."""
        for key in keys:
            if re.fullmatch(r"(Control|Shift|Alt|Arrow|Enter|Tab|End|Home)[\w+]*", key):
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)

    def select(self, words):
        """Select `words`, which stand in one text node."""
        self.body.evaluate(
            """(body, words) => {
                const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const at = walker.currentNode.data.indexOf(words);
                    if (at < 0) continue;
                    body.focus();
                    body.ownerDocument.getSelection().setBaseAndExtent(
                        walker.currentNode, at, walker.currentNode, at + words.length);
                    return;
                }
                throw new Error(words);
            }""",
            words,
        )

    @property
    def html(self):
        """What it would send, without white space between the blocks."""
        data = self.page.evaluate("name => CKEDITOR.instances[name].getData()", self.name)
        return re.sub(r">\s*\n\s*<", "><", data).strip().replace("\n", "")


@pytest.fixture
def officer(transactional_db, sign_in):
    user = User.objects.create_superuser("officer")
    sign_in(user)
    return user


@pytest.fixture
def write_in(page, officer, watch):
    """Call it with a stored text: the editor that is open on it, and the entry that holds it."""

    def open_with(text):
        entry = LogEntry.objects.create(user=officer, action_flag=ADDITION, change_message=text)
        page.goto(reverse("small:admin_logentry_change", args=[entry.pk]))
        return Editor(page).ready(), entry

    yield open_with
    assert (watch.violations, watch.errors, watch.foreign) == ([], [], [])


def save(page):
    """Save and come back to the form."""
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").click()
    assert page.locator(".errornote").count() == 0


def stored(entry):
    entry.refresh_from_db()
    return entry.change_message.replace("\n", "")


TOOLS = {
    "Bold": "<p>press <strong>Bold</strong></p>",
    "Italic": "<p>press <em>Italic</em></p>",
    "Superscript": "<p>press <sup>Superscript</sup></p>",
    "Subscript": "<p>press <sub>Subscript</sub></p>",
    "LanguageRU": '<p>press <span lang="ru" dir="ltr">LanguageRU</span></p>',
    "H2": "<h2>press H2</h2>",
    "H3": "<h3>press H3</h3>",
    "H4": "<h4>press H4</h4>",
    "BulletedList": "<ul><li>press BulletedList</li></ul>",
    "NumberedList": "<ol><li>press NumberedList</li></ol>",
    "Blockquote": "<blockquote><p>press Blockquote</p></blockquote>",
}


def test_tools_make_what_is_stored_and_shown_again(write_in, page):
    editor, entry = write_in("".join(f"<p>press {tool}</p>" for tool in TOOLS))

    for tool in TOOLS:
        editor.select(tool)
        editor.press(tool)
    save(page)

    assert stored(entry) == "".join(TOOLS.values())
    again = Editor(page).ready().html.replace('dir="ltr" lang="ru"', 'lang="ru" dir="ltr"')
    assert again == "".join(TOOLS.values())
    save(page)
    assert stored(entry) == "".join(TOOLS.values())


def test_a_second_press_takes_a_tool_back(write_in):
    editor, _entry = write_in("<p>one two</p>")

    for tool in ["Bold", "H2", "LanguageRU"]:
        editor.select("two")
        editor.press(tool)
        assert editor.html != "<p>one two</p>"
        editor.press(tool)
        assert editor.html == "<p>one two</p>"


def test_undo_and_redo(write_in):
    editor, _entry = write_in("<p>one</p>")

    editor.select("one")
    editor.press("Bold")
    editor.press("Undo")
    assert editor.html == "<p>one</p>"
    editor.press("Redo")
    assert editor.html == "<p><strong>one</strong></p>"


def test_keys_work_as_the_buttons_do(write_in, page):
    editor, entry = write_in("<p>one</p>")

    editor.body.click()
    editor.write("Control+End", "Enter", "two", "Shift+Enter", "three", "Control+a", "Control+i")
    save(page)

    assert stored(entry) == "<p><em>one</em></p><p><em>two<br>three</em></p>"


def test_tool_bar_is_reached_and_worked_by_keys(write_in, page):
    editor, _entry = write_in("<p>one</p>")

    editor.select("one")
    editor.write("Alt+F10")
    assert page.evaluate("document.activeElement.title") == "Heading"
    editor.write("ArrowRight", "Enter")

    assert editor.html == "<h3>one</h3>"


LINKS = [
    ("one", "URL", "URL", "example.org/visas", "https://example.org/visas"),
    ("two", "URL", "URL", "http://example.org", "http://example.org"),
    ("three", "E-mail", "E-Mail Address", "press@example.org", "mailto:press@example.org"),
    ("four", "Phone", "Phone", "+442079460100", "tel:+442079460100"),
]


def test_link_dialog_makes_links(write_in, page):
    editor, entry = write_in("<p>one</p><p>two</p><p>three</p><p>four</p>")

    for word, kind, label, value, _address in LINKS:
        editor.select(word)
        editor.press("Link")
        dialog = page.locator(".cke_dialog:visible")
        dialog.get_by_label("Link Type").select_option(kind)
        dialog.locator(f"label:visible:has-text('{label}')").last.click()
        page.keyboard.type(value)
        dialog.get_by_role("button", name="OK").click()
        dialog.wait_for(state="hidden")
    save(page)

    assert stored(entry) == "".join(f'<p><a href="{address}">{word}</a></p>' for word, *_rest, address in LINKS)


def test_link_dialog_offers_only_what_is_kept(write_in, page):
    editor, _entry = write_in("<p>one</p>")

    editor.select("one")
    editor.press("Link")
    dialog = page.locator(".cke_dialog:visible")
    dialog.get_by_label("Link Type").wait_for()

    offered = [
        [text.strip() for text in dialog.get_by_label(label).locator("option").all_inner_texts()]
        for label in ("Link Type", "Protocol")
    ]
    assert offered == [["URL", "E-mail", "Phone"], ["https://", "http://"]]
    assert dialog.get_by_role("tab").count() == 0
    dialog.get_by_role("button", name="Cancel").click()
    dialog.wait_for(state="hidden")


def test_table_is_made_changed_and_stored(write_in, page):
    editor, entry = write_in("<p>one</p>")

    editor.body.click()
    editor.write("Control+End", "Enter")
    assert editor.frame.locator(".cke_button__rowadd").is_hidden()
    editor.press("Table")
    dialog = page.locator(".cke_dialog:visible")
    dialog.get_by_label("Rows").fill("2")
    dialog.get_by_label("Headers").select_option("First Row")
    dialog.get_by_label("Caption").fill("Fees")
    dialog.get_by_role("button", name="OK").click()
    dialog.wait_for(state="hidden")
    editor.write("Visa", "Tab", "Fee", "Tab", "Entry", "Tab", "10")
    editor.press("RowAdd")
    editor.body.locator("td").nth(2).click()
    editor.write("Transit")
    editor.press("ColumnAdd")
    editor.body.locator("th").nth(1).click()
    editor.write("Days")
    save(page)

    assert stored(entry) == (
        '<p>one</p><table><caption>Fees</caption><thead><tr><th scope="col">Visa</th><th scope="col">Days</th>'
        '<th scope="col">Fee</th></tr></thead><tbody><tr><td>Entry</td><td></td><td>10</td></tr>'
        "<tr><td>Transit</td><td></td><td></td></tr></tbody></table>"
    )
    again = Editor(page).ready()
    again.body.locator("td").nth(3).click()
    again.press("RowRemove")
    again.body.locator("td").nth(1).click()
    again.press("ColumnRemove")
    save(page)
    assert stored(entry) == (
        '<p>one</p><table><caption>Fees</caption><thead><tr><th scope="col">Visa</th><th scope="col">Fee</th></tr>'
        "</thead><tbody><tr><td>Entry</td><td>10</td></tr></tbody></table>"
    )


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style>p.MsoNormal {color:red}</style></head><body>
<p class=MsoNormal style='margin:0cm'><b><span lang=EN-GB style='font-size:14.0pt;color:red'>Note</span></b>
<span lang=EN-GB> to editors<o:p></o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><a href="https://example.org" onclick="alert(1)">Visas</a><script>alert(1)</script></p>
<img src="https://tracker.example.org/pixel.png" onerror="alert(1)"></body></html>"""


def test_paste_from_word_keeps_words_emphasis_and_links(write_in, page):
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    editor, entry = write_in("")

    editor.body.click()
    editor.body.evaluate(
        """(body, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            clipboardData.setData("text/plain", "plain");
            body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        WORD,
    )
    page.wait_for_function("() => CKEDITOR.instances.id_change_message.getData().includes('Visas')")
    assert "script" not in editor.html
    save(page)

    assert stored(entry) == ('<p><strong>Note</strong> to editors</p><p><a href="https://example.org">Visas</a></p>')


COPY = """(html) => document.addEventListener("copy", (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", "plain");
    event.preventDefault();
}, { once: true })"""


@pytest.mark.parametrize("program", KEPT)
def test_paste_from_another_program_keeps_what_is_meant(write_in, page, program):
    editor, entry = write_in("")
    page.evaluate(COPY, pasted(program))
    page.locator("h1").first.click()
    page.keyboard.press("Control+c")

    editor.body.click()
    page.keyboard.press("Control+v")

    page.wait_for_function("() => CKEDITOR.instances.id_change_message.getData().includes('Not on 6 June')")
    save(page)
    assert stored(entry) == KEPT[program].replace("\n", "")


def test_paste_still_works_where_the_server_does_not_answer(write_in, page, watch):
    editor, entry = write_in("")
    page.route("**/paste/*", lambda way: way.abort())
    page.evaluate(COPY, "<p style='color:red'>One <b>two</b></p>")
    page.locator("h1").first.click()
    page.keyboard.press("Control+c")

    editor.body.click()
    page.keyboard.press("Control+v")

    page.wait_for_function("() => CKEDITOR.instances.id_change_message.getData().includes('two')")
    assert all("Failed to load resource" in error for error in watch.errors)
    watch.errors.clear()
    save(page)
    assert stored(entry) == "<p>One <strong>two</strong></p>"


def test_what_is_cut_in_the_editor_is_pasted_as_it_was(write_in, page, watch):
    editor, entry = write_in("<p>one <strong>two</strong></p>")

    editor.body.click()
    editor.write("Control+a", "Control+x", "Control+v", "Control+v")

    page.wait_for_function("() => CKEDITOR.instances.id_change_message.getData().match(/two/g)?.length === 2")
    assert not [path for path in watch.paths if path.endswith("/paste/")]
    save(page)
    assert stored(entry) == "<p>one <strong>two</strong>one <strong>two</strong></p>"


@pytest.fixture
def add_another(page, officer, watch):
    """A new inline form, added with Django's own link: its question and its answer."""
    somebody = User.objects.create_user("somebody")
    page.goto(reverse("small:auth_user_change", args=[somebody.pk]))
    page.locator(".add-row a").click()
    page.locator(".add-row a").click()
    yield [Editor(page, f"id_logentry_set-1-{name}").ready() for name in ("object_id", "change_message")]
    assert (watch.violations, watch.errors, watch.foreign) == ([], [], [])


def test_editors_of_an_added_inline_form_work(page, add_another):
    question, answer = add_another

    question.body.click()
    question.write("Why", "Enter", "now?")
    question.select("now")
    question.press("Bold")
    answer.body.click()
    answer.write("Because", "Enter", "of CO2")
    answer.select("Because")
    answer.press("H3")
    answer.select("2")
    answer.press("Subscript")
    answer.select("of")
    answer.press("LanguageRU")
    answer.body.click()
    answer.write("Control+End", "Enter")
    answer.press("Table")
    page.locator(".cke_dialog:visible").get_by_role("button", name="OK").click()
    answer.write("Fee", "Tab", "10")
    for name in ("object_id", "change_message"):
        first = Editor(page, f"id_logentry_set-0-{name}").ready()
        first.body.click()
        first.write("first")
    save(page)

    second = LogEntry.objects.get(object_id="Why<br><strong>now</strong>?")
    assert stored(second) == (
        '<h3>Because</h3><p><span lang="ru" dir="ltr">of</span> CO<sub>2</sub></p>'
        "<table><tbody><tr><td>Fee</td><td>10</td></tr></tbody></table>"
    )
    shown = {Editor(page, f"id_logentry_set-{index}-object_id").ready().html for index in (0, 1)}
    assert shown == {"first", "Why<br /><strong>now</strong>?"}


def test_question_offers_no_blocks(add_another):
    question, answer = add_another

    assert question.frame.locator(".cke_button__bold").count() == 1
    for tool in ["h2", "h3", "table", "blockquote", "bulletedlist"]:
        assert question.frame.locator(f".cke_button__{tool}").count() == 0
    assert answer.frame.locator(".cke_button__h2").count() == 0
    assert answer.frame.locator(".cke_button__h3").count() == 1


def test_field_is_named_by_its_label(write_in):
    editor, _entry = write_in("<p>one</p>")

    assert editor.body.get_attribute("aria-label") == "Body"
    assert editor.frame.locator(".cke_button__h2").get_attribute("title") == "Heading"
    assert editor.frame.locator(".cke_button__h2_label").inner_text() == "Heading"
    assert editor.frame.locator(".cke_button__languageru_label").inner_text() == "Русский"


def test_stored_attack_does_not_run_in_the_editor(write_in, page):
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))

    editor, _entry = write_in("<p>a</p><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>")

    assert editor.html == "<p>a</p>"


def test_policy_is_in_force_on_the_form_page(write_in, page, watch):
    write_in("<p>a</p>")

    with page.expect_console_message(lambda message: "inline event handler" in message.text):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')")

    assert page.evaluate("window.ran") is None
    watch.violations.clear()
    watch.errors.clear()
