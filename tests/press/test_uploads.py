"""What becomes of an upload that is taken in."""

import errno
import io
import os

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from PIL import Image, ImageCms

from press import blobs
from press.acts import Refused, Seen
from press.intake.refusal import Unfit
from press.intake.wording import sentence, told_in_words
from press.models import Edition, StoredFile
from press.release import release
from press.uploads import ensure_card, take_in
from tests.press.factory import make_message, make_officer
from tests.press.uploads_factory import (
    ODS,
    SHEET,
    add_photo,
    make_picture,
    office_open,
    open_document,
    pdf,
    picture,
    uploaded,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storage")]

SECRET = b"Zsecretz"
# JPEG files of telephones: a second picture, a film, Samsung's own table behind the first one.
BEHIND = {
    "nothing": b"",
    "zeros": b"\0" * 40,
    "film": b"\0\0\0\x18ftypmp42" + b"\0" * 90,
    "Samsung": b"\0\0\x01\x0aImage_UTC_Data1700000000SEFHk\0\0\0SEFT",
}


def stored(sha256):
    """What the storage holds."""
    with blobs.opened(sha256) as file:
        return file.read()


def shown(sha256):
    """A stored picture, opened."""
    return Image.open(io.BytesIO(stored(sha256)))


def exif(orientation=1):
    """The data of a camera: where, when, which way up, and a thumbnail's worth of secrets."""
    data = Image.Exif()
    data[0x0112], data[0x010F], data[0x013B] = orientation, SECRET.decode(), SECRET.decode()
    data.get_ifd(0x8825)[1] = "N"
    data.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    return data


def test_picture_is_drawn_anew_in_every_size_and_format():
    file = take_in(uploaded(picture(size=(700, 350)), "Сад у дома.jpg"), make_officer())

    assert (file.media_type, file.width, file.height, file.name) == ("image/jpeg", 700, 350, "Сад у дома.jpg")
    made = {rendition.suffix: (rendition.width, rendition.height) for rendition in file.renditions.all()}
    pages = {f"-{w}.{kind}": (w, w // 2) for w in (400, 640, 700) for kind in ("avif", "webp", "jpg")}
    # Browsers that know JPEG only are given two widths at most.
    del pages["-400.jpg"]
    assert made == {".jpg": (700, 350), **pages}
    for rendition in file.renditions.all():
        assert Image.MIME[shown(rendition.sha256).format] == rendition.media_type
        assert shown(rendition.sha256).size == (rendition.width, rendition.height)
        assert len(stored(rendition.sha256)) == rendition.size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_a_picture_is_kept_but_its_pixels(kind):
    upload = picture(kind, size=(64, 48), exif=exif(), xmp=SECRET, comment=SECRET)
    assert SECRET in upload

    file = take_in(uploaded(upload, f"a.{kind.lower()}"), make_officer())

    for rendition in file.renditions.all():
        kept = shown(rendition.sha256)
        assert SECRET not in stored(rendition.sha256)
        assert dict(kept.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile", "dpi"} & kept.info.keys() - {"dpi"}


@pytest.mark.parametrize(("orientation", "size"), [(1, (64, 48)), (3, (64, 48)), (6, (48, 64)), (8, (48, 64))])
def test_picture_stands_upright(orientation, size):
    source = Image.new("RGB", (64, 48), "white")
    source.paste("red", (0, 0, 16, 16))
    buffer = io.BytesIO()
    source.save(buffer, "JPEG", exif=exif(orientation), quality=95)

    file = take_in(uploaded(buffer.getvalue()), make_officer())

    corner = {1: (3, 3), 3: (60, 44), 6: (44, 3), 8: (3, 60)}[orientation]
    kept = shown(file.sha256)
    assert kept.size == size == (file.width, file.height)
    red, green, _blue = kept.getpixel(corner)
    assert (red > 200, green < 60) == (True, True)


def swapped_profile():
    """A profile whose red is the green of sRGB, and the other way round."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"xXYZ").replace(b"gXYZ", b"rXYZ").replace(b"xXYZ", b"gXYZ")


def test_colours_of_another_profile_become_those_of_srgb():
    upload = picture("PNG", colour=(250, 20, 20), icc_profile=swapped_profile())

    file = take_in(uploaded(upload, "a.png"), make_officer())

    red, green, _blue = shown(file.sha256).getpixel((5, 5))
    assert (red < 60, green > 200) == (True, True)


def test_profile_that_cannot_be_read_is_left_out_of_account():
    plain, broken = picture(colour=(180, 90, 60)), picture(colour=(180, 90, 60), icc_profile=b"no profile")

    assert take_in(uploaded(plain), make_officer()) == take_in(uploaded(broken), make_officer())


def test_png_stays_one_and_what_is_transparent_becomes_white():
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 48), (255, 0, 0, 0)).save(buffer, "PNG")

    file = take_in(uploaded(buffer.getvalue(), "a.png"), make_officer())

    assert file.media_type == "image/png"
    assert shown(file.sha256).getpixel((5, 5)) == (255, 255, 255)


def test_only_the_first_of_moving_pictures_is_kept():
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])

    file = take_in(uploaded(buffer.getvalue(), "a.webp"), make_officer())

    red, _green, blue = shown(file.sha256).getpixel((5, 5))
    assert (red > 200, blue < 60) == (True, True)


def test_large_picture_is_made_smaller():
    file = take_in(uploaded(picture(size=(5000, 100), colour=(9, 9, 9)), "a.jpg"), make_officer())

    assert (file.width, file.height) == (4096, 82)


def test_picture_of_a_page_weighs_at_most_80_kb():
    noise = Image.effect_noise((640, 426), 50).resize((1280, 853)).convert("RGB")
    buffer = io.BytesIO()
    Image.blend(noise, Image.linear_gradient("L").resize(noise.size).convert("RGB"), 0.85).save(buffer, "JPEG")

    file = take_in(uploaded(buffer.getvalue()), make_officer())

    modern = file.renditions.filter(purpose="page").exclude(media_type="image/jpeg")
    assert modern.count() == 8
    assert max(modern.values_list("size", flat=True)) <= 80 * 1024
    assert max(file.renditions.filter(purpose="page", width__lte=640).values_list("size", flat=True)) <= 80 * 1024


@pytest.mark.parametrize("behind", BEHIND)
def test_what_telephones_put_behind_a_picture_is_dropped(behind):
    file = take_in(uploaded(picture() + BEHIND[behind]), make_officer())

    assert stored(file.sha256).endswith(b"\xff\xd9")


def test_second_picture_behind_the_first_is_dropped():
    first, second = picture(size=(64, 48)), picture(size=(32, 32))

    assert take_in(uploaded(first + second), make_officer()) == take_in(uploaded(first), make_officer())


def test_same_file_uploaded_twice_is_one():
    upload, first, second = picture(), make_officer(), make_officer()

    files = [take_in(uploaded(upload, "a.jpg"), first), take_in(uploaded(upload, "b.jpg"), second)]

    assert files[0] == files[1] == StoredFile.objects.get()
    assert (files[1].name, files[1].uploaded_by) == ("a.jpg", first)


def test_file_that_was_written_halfway_is_written_again():
    upload = pdf()
    file = take_in(uploaded(upload, "a.pdf"), make_officer())
    StoredFile.objects.all().delete()
    default_storage.delete(blobs.name_of(file.sha256))
    with default_storage.open(blobs.name_of(file.sha256), "wb") as half:
        half.write(upload[:10])

    take_in(uploaded(upload, "a.pdf"), make_officer())

    assert stored(file.sha256) == upload


DOCUMENTS = {
    "pdf": lambda: pdf(Title="A title", Author="Anna Orlova", Creator="Writer"),
    "docx": lambda: office_open(
        ("docProps/core.xml", '<c xmlns:dc="dc"><dc:creator>Anna Orlova</dc:creator></c>'), body="<w:ins w:id='1'/>"
    ),
    "xlsx": lambda: office_open(("xl/comments1.xml", "<x/>"), main=SHEET),
    "odt": lambda: open_document(("meta.xml", '<m xmlns:d="d"><d:creator>Anna Orlova</d:creator></m>')),
    "ods": lambda: open_document(mimetype=ODS, body="<office:annotation/>"),
}
TOLD = {
    "pdf": ["author: Anna Orlova", "title in its properties: A title", "program: Writer"],
    "docx": ["author: Anna Orlova", "tracked changes"],
    "xlsx": ["remarks in it"],
    "odt": ["author: Anna Orlova"],
    "ods": ["remarks in it"],
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_document_keeps_its_bytes_and_the_office_learns_what_it_tells(kind):
    upload = DOCUMENTS[kind]()

    file = take_in(uploaded(upload, f"Programme.{kind.upper()}"), make_officer())

    assert stored(file.sha256) == upload
    assert [(each.purpose, each.suffix, each.sha256) for each in file.renditions.all()] == [
        ("document", f".{kind}", file.sha256)
    ]
    assert [str(words) for words in told_in_words(file.told)] == TOLD[kind]


def test_links_that_a_reader_clicks_may_lead_out_of_a_document():
    body = '<text:a xlink:href="https://press.example.org/">Press</text:a>'

    assert take_in(uploaded(open_document(body=body), "a.odt"), make_officer()).kind.name == "ODT"


@pytest.mark.parametrize(("x", "y", "expected"), [(0, 50, "red"), (100, 50, "blue"), (50, 50, "both")])
def test_card_is_cut_around_the_focal_point(x, y, expected):
    source = Image.new("RGB", (400, 100), "red")
    source.paste("blue", (200, 0, 400, 100))
    buffer = io.BytesIO()
    source.save(buffer, "PNG")
    file = take_in(uploaded(buffer.getvalue(), "a.png"), make_officer())

    ensure_card(file, x, y)
    ensure_card(file, x, y)

    card = shown(file.renditions.get(purpose="card").sha256)
    left, right = card.getpixel((20, 300)), card.getpixel((1180, 300))
    assert card.size == (1200, 630)
    assert {"red": left[0] > 200 < right[0], "blue": left[2] > 200 < right[2], "both": left[0] > 200 < right[2]}[
        expected
    ]


def test_child_that_takes_too_much_memory_is_refused(monkeypatch):
    monkeypatch.setattr("press.intake.sandbox.MEMORY", 150)

    with pytest.raises(Unfit) as refusal:
        take_in(uploaded(picture("PNG", size=(6000, 6000), colour=(1, 1, 1)), "a.png"), make_officer())

    assert refusal.value.code == "too_much"
    assert not StoredFile.objects.exists()


def test_child_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr("press.intake.sandbox.SECONDS_ON_THE_WALL", 0.001)

    with pytest.raises(Unfit) as refusal:
        make_picture()

    assert refusal.value.code == "too_much"


def test_child_knows_no_secret(monkeypatch):
    seen = {}
    monkeypatch.setenv("SECRET_KEY", "Zsecretz")
    monkeypatch.setattr("press.intake.sandbox.subprocess.run", lambda command, **options: seen.update(options) or 1 / 0)

    with pytest.raises(ZeroDivisionError):
        make_picture("never-seen-before.jpg")

    assert set(seen["env"]) == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MALLOC_ARENA_MAX"}


@pytest.fixture
def full_storage(monkeypatch):
    """A storage that takes half a file and then no more."""
    whole = blobs.default_storage._wrapped.save

    def half(name, content, **options):
        whole(name, io.BytesIO(content.read()[:10]), **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill():
        monkeypatch.setattr(blobs.default_storage._wrapped, "save", half)

    return fill


def test_full_storage_refuses_in_a_sentence_and_keeps_nothing(full_storage):
    full_storage()

    with pytest.raises(Unfit) as caught:
        take_in(uploaded(picture()), make_officer())

    assert sentence(caught.value).startswith("The storage takes no more files")
    assert StoredFile.objects.count() == 0
    assert list(blobs.stored()) == []


def test_full_storage_refuses_a_release_that_would_need_a_new_picture(full_storage):
    message = make_message()
    add_photo(message, is_lead=True)
    full_storage()

    with pytest.raises(Refused, match="The storage takes no more files"):
        release(message, Seen.of(message), message.author)

    assert Edition.objects.count() == 0


def test_file_is_on_the_disk_for_good_before_a_row_names_it(tmp_path, monkeypatch):
    settled, fsync = [], os.fsync
    monkeypatch.setattr(blobs.default_storage, "_wrapped", FileSystemStorage(tmp_path / "media"))
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: settled.append(os.fstat(descriptor).st_ino) or fsync(descriptor)
    )

    file = take_in(uploaded(pdf(), "programme.pdf"), make_officer())

    path = tmp_path / "media" / blobs.name_of(file.sha256)
    assert settled == [each.stat().st_ino for each in (path, path.parent, path.parent.parent)]
