"""The pages of pictures and files in Chromium: uploads with progress, dragging, the focal point; and axe-core."""

import pytest
from django.urls import reverse

from tests.accessibility import faults_of
from tests.press.admin.desk import page_of
from tests.press.factory import make_message, make_officer
from tests.press.uploads_factory import add_attachment, add_photo, make_picture, pdf, picture

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def officer(transactional_db, sign_in):
    """A signed-in member of the group Approvers."""
    user = make_officer("Approvers")
    sign_in(user)
    return user


def names(message):
    """The names of its pictures, in order."""
    return [photo.file.name for photo in message.photos.all()]


def drag(page, handle, row):
    """Drag as a hand does: not in one leap."""
    handle.hover()
    page.mouse.down()
    place, target = handle.bounding_box(), row.bounding_box()
    page.mouse.move(place["x"] + 30, place["y"] - 20, steps=5)
    page.mouse.move(target["x"] + 40, target["y"] + 30, steps=10)
    page.mouse.up()


def test_files_are_uploaded_one_by_one_ordered_and_described(page, officer, watch):
    message = make_message(by=officer)
    page.goto(page_of(message, "files"))
    files = [
        {"name": "first.jpg", "mimeType": "image/jpeg", "buffer": picture()},
        {"name": "second.jpg", "mimeType": "image/jpeg", "buffer": picture()},
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ]

    with page.expect_navigation():
        page.set_input_files("[name=uploads]", files)
    assert names(message) == ["first.jpg", "second.jpg"]
    assert message.attachments.get().title == "plan"

    rows = page.locator("[aria-labelledby=photos-heading] .file-row")
    drag(page, rows.nth(1).locator(".handle"), rows.nth(0))
    rows.nth(0).locator(".focal").click(position={"x": 1, "y": 1})
    for number in (0, 1):
        rows.nth(number).get_by_label("Alternative text").fill(f"Picture {number}")
    page.get_by_role("button", name="Save, and back to the message").click()
    page.wait_for_url("**/change/*")

    assert names(message) == ["second.jpg", "first.jpg"]
    assert [photo.alt for photo in message.photos.all()] == ["Picture 0", "Picture 1"]
    assert message.photos.all()[0].focal_x < 10
    assert (watch.errors, watch.violations, watch.foreign) == ([], [], [])


def test_refused_upload_stays_to_be_read_and_the_others_can_be_added(page, officer, watch):
    message = make_message(by=officer)
    page.goto(page_of(message, "files"))

    page.set_input_files(
        "[name=uploads]",
        [
            {"name": "page.html", "mimeType": "text/html", "buffer": b"<html></html>"},
            {"name": "first.jpg", "mimeType": "image/jpeg", "buffer": picture()},
        ],
    )

    page.get_by_text("first.jpg ✓").wait_for()
    assert "page.html: This kind of file cannot be published." in page.locator(".uploads .errornote").inner_text()
    page.get_by_role("button", name="Add to the message").click()
    page.locator(".file-row").wait_for()
    assert names(message) == ["first.jpg"]
    assert watch.violations == []


def test_axe_finds_nothing_on_the_pages_of_files(page, officer):
    message = make_message(by=officer)
    photo = add_photo(message, is_lead=True)
    add_photo(message, make_picture("second.jpg"), alt="")
    add_attachment(message)
    make_picture("unused.jpg")
    found = {}

    for path in (
        page_of(message, "files"),
        reverse("admin:press_storedfile_changelist"),
        reverse("admin:press_storedfile_change", args=[photo.file_id]),
        reverse("admin:press_storedfile_add"),
        reverse("admin:press_storedfile_delete", args=[make_picture("unused.jpg").pk]),
    ):
        page.goto(path)
        found[path] = faults_of(page)

    assert {path: faults for path, faults in found.items() if faults} == {}
