"""The library of uploads: what is there, where it is used, and how it is removed."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from press.acts import Seen
from press.models import Rendition, StoredFile
from press.release import release
from tests.press.admin.desk import told
from tests.press.factory import make_message, make_officer
from tests.press.uploads_factory import add_attachment, add_photo, make_document, make_picture, pdf, picture, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storage")]

LIST = reverse("admin:press_storedfile_changelist")


@pytest.fixture
def approver(client):
    """A browser of a member of the group Approvers, who may remove files."""
    client.force_login(make_officer("Approvers"))
    return client


def page_of(file, page="change"):
    """The address of a page on a stored file."""
    return reverse(f"admin:press_storedfile_{page}", args=[file.pk])


def kept():
    """The names of all files that the storage has."""
    folders, files = default_storage.listdir("files") if default_storage.exists("files") else ([], [])
    return {name for folder in folders for name in default_storage.listdir(f"files/{folder}")[1]} | set(files)


def test_list_says_what_is_used_where(desk):
    used, draft = make_picture("used.jpg"), make_document("draft.pdf")
    make_picture("unused.jpg")
    message, other = make_message(), make_message()
    add_photo(message, used)
    release(message, Seen.of(message), message.author)
    add_photo(other, used)
    add_attachment(other, draft)

    page = desk.get(LIST)

    uses = {file.name: page.context["cl"].model_admin.uses(file) for file in page.context["cl"].result_list}
    assert uses == {"used.jpg": "2 drafts, 1 editions", "draft.pdf": "1 drafts, 0 editions", "unused.jpg": "nothing"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?use=none", {"unused.jpg"}),
        ("?kind=pictures", {"used.jpg", "unused.jpg"}),
        ("?kind=documents", {"draft.pdf"}),
        ("?q=gate", {"used.jpg"}),
        ("?q=draft", {"draft.pdf"}),
    ],
)
def test_list_is_narrowed_and_searched(desk, query, expected):
    make_picture("unused.jpg")
    message = make_message()
    add_photo(message, make_picture("used.jpg"))
    add_attachment(message, make_document("draft.pdf"))

    names = {file.name for file in desk.get(LIST + query).context["cl"].result_list}

    assert names == expected


def test_list_takes_the_same_few_queries_however_many_files(desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    add_photo(make_message(), make_picture("a.jpg"))
    desk.get(LIST)
    one = queries()
    for name in "bcdef":
        add_photo(make_message(), make_picture(f"{name}.jpg"))

    assert queries() == one <= 10


def test_page_of_a_file_says_where_it_is_used_and_what_readers_can_find_out(desk):
    file = make_document("plan.pdf", Author="Anna Orlova")
    message, other = make_message(title="Released"), make_message(title="Drafted")
    add_attachment(message, file)
    release(message, Seen.of(message), message.author)
    message.attachments.all().delete()
    add_attachment(other, file)

    page = desk.get(page_of(file)).content.decode()

    assert "author: Anna Orlova" in page
    drafts, editions = page.split("Used in drafts of")[1].split("Used in editions of")
    assert ("Drafted" in drafts, "Released" in drafts) == (True, False)
    assert ("Drafted" in editions, "Released" in editions, "edition 1" in editions) == (False, True, True)


def test_unused_file_is_removed_with_all_that_the_storage_has_of_it(approver, django_capture_on_commit_callbacks):
    file, other = make_picture("a.jpg"), make_picture("b.jpg")
    mine = set(file.renditions.values_list("sha256", flat=True))
    theirs = set(other.renditions.values_list("sha256", flat=True))
    assert kept() == mine | theirs

    answer = approver.post(page_of(file, "delete"), {"post": "yes"}, follow=True)

    assert "was deleted successfully" in told(answer)[0]
    assert not Rendition.objects.filter(file=file.pk).exists()
    assert kept() == theirs


@pytest.mark.parametrize("user", [add_photo, lambda message, file: released(message, file)])
def test_used_file_is_not_removed(approver, user):
    file = make_picture("a.jpg")
    user(make_message(), file)
    before = kept()

    assert approver.post(page_of(file, "delete"), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [file.pk], "post": "yes"}
    approver.post(LIST, action)

    assert StoredFile.objects.get() == file
    assert kept() == before


def released(message, file):
    """Release a picture; the draft has it no more."""
    add_photo(message, file)
    release(message, Seen.of(message), message.author)
    message.photos.all().delete()


def test_several_unused_files_are_removed_at_once(approver):
    files = [make_picture(f"{name}.jpg") for name in "ab"]
    add_photo(make_message(), make_picture("c.jpg"))

    approver.post(LIST, {"action": "delete_selected", "_selected_action": [file.pk for file in files], "post": "yes"})

    assert [file.name for file in StoredFile.objects.all()] == ["c.jpg"]
    assert kept() == set(Rendition.objects.values_list("sha256", flat=True))


def test_officer_without_the_right_removes_nothing(desk):
    file = make_picture("a.jpg")

    assert desk.post(page_of(file, "delete"), {"post": "yes"}).status_code == 403
    desk.post(LIST, {"action": "delete_selected", "_selected_action": [file.pk], "post": "yes"})

    assert StoredFile.objects.get() == file


def test_file_is_never_changed(desk):
    file = make_picture("a.jpg")

    assert desk.post(page_of(file), {"name": "b.jpg"}).status_code == 403


def test_upload_into_the_library(desk):
    page = desk.post(
        reverse("admin:press_storedfile_add"),
        {"uploads": [uploaded(picture(), "a.jpg"), uploaded(pdf(), "b.pdf")]},
        follow=True,
    )

    assert {file.name for file in StoredFile.objects.all()} == {"a.jpg", "b.pdf"}
    assert told(page) == ["“a.jpg” is in the library.", "“b.pdf” is in the library."]


def test_refused_upload_is_told(desk):
    page = desk.post(reverse("admin:press_storedfile_add"), {"uploads": [uploaded(b"<svg", "a.svg")]})

    assert page.context["refusals"] == [
        "a.svg: SVG drawings can hold programs and are not taken. Save it as PNG, and upload that."
    ]


def test_script_is_told_the_hash_or_the_sentence(desk):
    address = reverse("admin:press_storedfile_upload")

    good = desk.post(address, {"uploads": uploaded(picture(), "a.jpg")})
    bad = desk.post(address, {"uploads": uploaded(b"", "a.jpg")})
    none = desk.post(address)

    assert (good.status_code, good.json()) == (200, {"sha256": StoredFile.objects.get().pk, "name": "a.jpg"})
    assert (bad.status_code, bad.json()) == (400, {"refused": "a.jpg: This file is empty."})
    assert (none.status_code, none.json()) == (400, {"refused": "No file came with it."})
    assert desk.get(address).status_code == 405


def test_stored_file_is_for_the_office_only_and_nobody_keeps_it(client, desk):
    file = make_document("plan.pdf")
    address = reverse("admin:press_storedfile_content", args=[file.pk, "plan.pdf"])

    answer = desk.get(address)

    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert desk.get(reverse("admin:press_storedfile_content", args=["0" * 64, "plan.pdf"])).status_code == 404
    desk.logout()
    assert desk.get(address).status_code == 302


def test_pages_of_the_library_need_their_rights(client):
    nobody = make_officer()
    nobody.groups.clear()
    client.force_login(nobody)
    file = make_picture("a.jpg")

    content = reverse("admin:press_storedfile_content", args=[file.pk, "a.jpg"])
    assert client.get(content).status_code == 403
    assert client.get(reverse("admin:press_storedfile_add")).status_code == 403
    assert client.post(reverse("admin:press_storedfile_upload")).status_code == 403
    assert client.get(LIST).status_code == 403
