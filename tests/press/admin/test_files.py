"""The page of a message's pictures and files, as an officer uses it without a script."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from press.acts import Seen
from press.admin.files import OFFERED
from press.models import Attachment, Event, Photo, StoredFile
from press.release import release
from press.sharing import revoke, share
from press.versions import restore
from tests.press.admin.desk import fields_of as message_fields_of
from tests.press.admin.desk import page_of, told
from tests.press.factory import change, make_live, make_message, make_officer
from tests.press.uploads_factory import (
    add_attachment,
    add_photo,
    make_document,
    make_picture,
    pdf,
    picture,
    uploaded,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(officer):
    """A draft."""
    return make_message(by=officer)


def fields_of(page):
    """What a browser would send back if nothing were typed."""
    data = {"opened_version": page.context["opened_version"], "order-photos": "", "order-attachments": ""}
    for forms in page.context["forms"].values():
        for form in forms:
            data |= {field.html_name: field.value() for field in form if field.value() not in {None, False}}
            if getattr(form.instance, "is_lead", False):
                data["lead"] = form.instance.pk
    return data


def send(desk, message, do="save", follow=True, **fields):
    """Open the page, type `fields`, press a button."""
    opened = desk.get(page_of(message, "files"))
    data = {**fields_of(opened), "do": do, **fields}
    return desk.post(
        page_of(message, "files"), {name: value for name, value in data.items() if value is not None}, follow=follow
    )


def names(message):
    """The names of its pictures, in order."""
    return [photo.file.name for photo in message.photos.all()]


def test_upload_of_many_at_once_adds_each_where_it_belongs(desk, message):
    uploads = [
        uploaded(picture(), "first.jpg"),
        uploaded(pdf(Author="Anna Orlova"), "Programme of the day.pdf"),
        uploaded(picture("PNG"), "second.png"),
    ]

    page = send(desk, message, "add", uploads=uploads)

    assert names(message) == ["first.jpg", "second.png"]
    assert [(photo.is_lead, photo.alt) for photo in message.photos.all()] == [(True, ""), (False, "")]
    assert [(each.title, each.language) for each in message.attachments.all()] == [("Programme of the day", "en")]
    assert "author: Anna Orlova" in page.content.decode()


def test_upload_makes_one_new_version_of_the_message_and_a_line_in_its_history(desk, message, officer):
    send(desk, message, "add", uploads=[uploaded(picture(), "first.jpg"), uploaded(picture(), "second.jpg")])

    message.refresh_from_db()
    assert (message.version, message.changed_by) == (2, officer)
    assert [(event.what, event.version, event.by) for event in message.events.all()] == [
        (Event.What.CHANGED, 2, officer)
    ]


def test_refused_upload_is_told_by_name_and_the_others_are_kept(desk, message):
    page = send(desk, message, "add", uploads=[uploaded(b"<html>", "page.html"), uploaded(picture(), "garden.jpg")])

    assert names(message) == ["garden.jpg"]
    assert [text for text in told(page) if text.startswith("page.html: This kind of file cannot be published.")]


def test_refused_upload_alone_changes_nothing_and_keeps_what_was_typed(desk, message):
    photo = add_photo(message, alt="Before")

    page = send(desk, message, "add", uploads=[uploaded(b"<html>", "page.html")], **{f"photos-{photo.pk}-alt": "Typed"})

    assert "page.html: This kind of file cannot be published." in page.content.decode()
    assert page.context["forms"]["photos"][0]["alt"].value() == "Typed"
    photo.refresh_from_db()
    assert photo.alt == "Before"


def test_saving_without_an_alternative_text_is_refused_at_the_field(desk, message):
    photo = add_photo(message, alt="")

    page = send(desk, message, "save", **{f"photos-{photo.pk}-caption": "Typed"})

    form = page.context["forms"]["photos"][0]
    assert form.errors == {"alt": ["Describe the picture, or say that it is decorative."]}
    assert form["caption"].value() == "Typed"
    assert not message.photos.filter(caption="Typed").exists()


def test_picture_is_decorative_or_described_but_not_both(desk, message):
    photo = add_photo(message, alt="A gate.")

    page = send(desk, message, "save", **{f"photos-{photo.pk}-is_decorative": "on"})

    assert "choose one of the two" in page.context["forms"]["photos"][0].errors["is_decorative"][0]


def test_everything_about_a_picture_and_a_document_is_saved(desk, message):
    photo, attachment = add_photo(message, alt=""), add_attachment(message)

    page = send(
        desk,
        message,
        "save",
        **{
            f"photos-{photo.pk}-alt": "A gate in a garden.",
            f"photos-{photo.pk}-caption": "The gate",
            f"photos-{photo.pk}-credit": "A. Orlova, free for the press",
            f"photos-{photo.pk}-focal_x": "10",
            f"photos-{photo.pk}-focal_y": "90",
            "lead": photo.pk,
            f"attachments-{attachment.pk}-title": "The plan",
            f"attachments-{attachment.pk}-language": "ru",
            f"attachments-{attachment.pk}-note": "Tagged for screen readers.",
        },
    )

    assert told(page) == ["The pictures and files are saved."]
    assert page.request["PATH_INFO"] == page_of(message)
    shown = Photo.objects.values_list("alt", "caption", "credit", "focal_x", "focal_y", "is_lead").get()
    assert shown == ("A gate in a garden.", "The gate", "A. Orlova, free for the press", 10, 90, True)
    assert Attachment.objects.values_list("title", "language", "note").get() == (
        "The plan",
        "ru",
        "Tagged for screen readers.",
    )


def test_focal_point_outside_the_picture_is_refused(desk, message):
    photo = add_photo(message)

    page = send(desk, message, "save", **{f"photos-{photo.pk}-focal_x": "101"})

    assert "focal_x" in page.context["forms"]["photos"][0].errors


def test_saving_what_is_there_already_is_no_new_version(desk, message):
    add_photo(message, is_lead=True)
    add_attachment(message)

    send(desk, message, "save")

    message.refresh_from_db()
    assert (message.version, message.events.count()) == (1, 0)


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("up-{1}", ["b", "a", "c"]),
        ("down-{1}", ["a", "c", "b"]),
        ("up-{0}", ["a", "b", "c"]),
        ("down-{2}", ["a", "b", "c"]),
    ],
)
def test_buttons_move_a_picture(desk, message, button, expected):
    keys = [f"photos-{add_photo(message, make_picture(f'{name}.jpg')).pk}" for name in "abc"]

    send(desk, message, button.format(*keys))

    assert names(message) == [f"{name}.jpg" for name in expected]


def test_button_that_moves_keeps_what_was_typed_though_a_description_is_still_missing(desk, message):
    first, second = (add_photo(message, make_picture(f"{name}.jpg"), alt="") for name in "ab")

    send(desk, message, f"up-photos-{second.pk}", **{f"photos-{first.pk}-caption": "Typed"})

    assert names(message) == ["b.jpg", "a.jpg"]
    first.refresh_from_db()
    assert first.caption == "Typed"


def test_order_that_was_dragged_is_saved(desk, message):
    first, second, third = (add_photo(message, make_picture(f"{name}.jpg")).pk for name in "abc")

    send(desk, message, "save", **{"order-photos": f"{third},{first},{second},999,x"})

    assert names(message) == ["c.jpg", "a.jpg", "b.jpg"]


def test_lead_can_be_another_picture_or_none(desk, message):
    _first, second = (add_photo(message, make_picture(f"{name}.jpg"), is_lead=name == "a") for name in "ab")

    send(desk, message, "save", lead=second.pk)
    assert [photo.is_lead for photo in message.photos.all()] == [False, True]

    send(desk, message, "save", lead="")
    assert [photo.is_lead for photo in message.photos.all()] == [False, False]


def test_picture_is_taken_off_the_message_and_stays_in_the_library(desk, message):
    photos = [add_photo(message, make_picture(f"{name}.jpg")) for name in "abc"]

    send(desk, message, f"remove-photos-{photos[0].pk}")

    assert names(message) == ["b.jpg", "c.jpg"]
    assert [photo.position for photo in message.photos.all()] == [0, 1]
    assert StoredFile.objects.count() == 3


def test_file_of_the_library_is_added(desk, message):
    file, other = make_picture("here.jpg"), make_document("there.pdf")

    page = desk.get(page_of(message, "files") + "?q=HERE")
    assert {each.name for each in page.context["library"]} == {"here.jpg", "there.pdf"}
    send(desk, message, "add", add=[file.pk, other.pk, file.pk, "0" * 64])

    assert names(message) == ["here.jpg"]
    assert message.attachments.get().file == other
    assert desk.get(page_of(message, "files")).context["library"] == []


def test_library_is_offered_in_part(desk, message):
    for number in range(OFFERED + 1):
        make_document(f"{number}.pdf")

    names = [file.name for file in desk.get(page_of(message, "files")).context["library"]]

    assert names == [f"{number}.pdf" for number in range(OFFERED, 0, -1)]


def test_same_picture_twice_is_there_once(desk, message):
    upload = picture()

    send(desk, message, "add", uploads=[uploaded(upload, "a.jpg"), uploaded(upload, "b.jpg")])

    assert names(message) == ["a.jpg"]


def test_page_that_is_stale_is_refused_and_loses_nothing(desk, message):
    photo = add_photo(message, alt="Before")
    opened = fields_of(desk.get(page_of(message, "files")))
    change(message, title="Another")

    data = {**opened, "do": "save", f"photos-{photo.pk}-alt": "Typed", "uploads": [uploaded(picture(), "new.jpg")]}
    page = desk.post(page_of(message, "files"), data)

    assert "has changed since you opened the page" in page.content.decode()
    assert page.context["forms"]["photos"][0]["alt"].value() == "Typed"
    assert [file.name for file in page.context["added"]] == ["new.jpg"]
    photo.refresh_from_db()
    assert (photo.alt, message.photos.count()) == ("Before", 1)


def test_picture_of_another_message_cannot_be_touched(desk, message):
    other = add_photo(make_message(), alt="Before")

    send(desk, message, f"remove-photos-{other.pk}", **{f"photos-{other.pk}-alt": "Typed", "lead": other.pk})

    other.refresh_from_db()
    assert (other.alt, other.is_lead) == ("Before", False)


def test_page_is_for_those_who_may_change_the_message(client, message):
    stranger = make_officer()
    stranger.groups.clear()
    stranger.user_permissions.add(Permission.objects.get(codename="view_pressrelease"))
    client.force_login(stranger)

    assert client.get(page_of(message, "files")).status_code == 403
    assert client.post(page_of(message, "files"), {"do": "save"}).status_code == 403
    client.logout()
    assert client.get(page_of(message, "files")).status_code == 302


def test_message_has_a_button_with_the_number_of_its_files(desk, message):
    add_photo(message)
    add_attachment(message)

    tools = dict(desk.get(page_of(message)).context["tools"])

    assert tools["Pictures and files (2)…"] == page_of(message, "files")


def test_preview_shows_pictures_and_documents_at_the_offices_own_addresses(desk, message):
    photo, attachment = add_photo(message, is_lead=True, caption="The gate"), add_attachment(message)

    page = desk.get(page_of(message, "preview")).content.decode()

    whole = reverse("admin:press_storedfile_content", args=[photo.file_id, "garden.jpg"])
    assert whole in page
    assert reverse("admin:press_storedfile_content", args=[attachment.file_id, "programme.pdf"]) in page
    assert "The gate" in page
    assert 'href="/files/' not in page
    assert desk.get(whole).status_code == 200


def test_confirmation_page_of_a_release_says_that_a_description_is_missing(desk, message):
    add_photo(message, alt="")
    seen = desk.get(page_of(message, "release")).context["seen"]

    page = desk.post(page_of(message, "release"), {"seen": seen, "later": "", "confirmed": "now"})

    assert "Picture 1 has no alternative text." in page.content.decode()
    assert not message.editions.exists()


def test_files_of_a_live_message_stay_public_while_the_draft_changes(client, desk, message):
    live = make_live()
    photo = add_photo(live)

    assert client.get(f"/files/{photo.file_id}/garden.jpg").status_code == 404


def test_shared_preview_shows_the_files_of_its_message_and_of_no_other(client, message, officer):
    photo, other = add_photo(message, is_lead=True), add_photo(make_message(), make_picture("other.jpg"))
    shared, token = share(message, officer, "A translator", timedelta(days=1))

    def status(file, key=token):
        return client.get(f"/shared/{key}/files/{file.file_id}/picture.jpg").status_code

    page = client.get(f"/shared/{token}/").content.decode()
    assert f"/shared/{token}/files/{photo.file_id}/garden.jpg" in page
    assert reverse("admin:index") not in page.split("<picture>")[1]
    answer = client.get(f"/shared/{token}/files/{photo.file_id}/garden.jpg")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert (status(photo), status(other), status(photo, "another")) == (200, 404, 404)
    shared.refresh_from_db()
    assert shared.openings == 1

    revoke(shared.pk, message, officer)
    assert status(photo) == 404


def test_files_of_a_shared_preview_end_with_the_release(client, message, officer):
    photo = add_photo(message)
    _shared, token = share(message, officer, "A translator", timedelta(days=1))
    release(message, Seen.of(message), officer)

    assert client.get(f"/shared/{token}/files/{photo.file_id}/garden.jpg").status_code == 404


def test_saving_the_text_leaves_pictures_and_files_as_they_are(desk, message):
    photo, attachment = add_photo(message, is_lead=True), add_attachment(message)
    fields = {**message_fields_of(desk.get(page_of(message))), "title": "Another title"}

    desk.post(page_of(message), fields)

    message.refresh_from_db()
    assert (message.title, message.version) == ("Another title", 2)
    assert (message.photos.get(), message.attachments.get()) == (photo, attachment)


def test_restoring_an_old_version_brings_its_pictures_back(desk, message, officer):
    send(desk, message, "add", uploads=[uploaded(picture(), "first.jpg")])
    photo = message.photos.get()
    send(desk, message, f"remove-photos-{photo.pk}")
    message.refresh_from_db()
    assert (message.version, names(message)) == (3, [])

    restore(message, Seen.of(message), officer, 2)

    assert names(message) == ["first.jpg"]
