"""What an edition carries, as a page shows it: sources and sizes of pictures, names and sizes of documents."""

from dataclasses import dataclass, field

from django.urls import reverse

from press.intake.kinds import BY_MEDIA_TYPE
from press.models import EditionFile, Rendition
from press.models.edition_file import RENDITION_FIELDS

# The best first: a browser takes the first that it knows.
MODERN = ("image/avif", "image/webp")
FALLBACK = "image/jpeg"
COMMON_WIDTH = 640


@dataclass(frozen=True)
class Shown:
    """One file of an edition with the addresses of all that is served of it."""

    file: EditionFile
    url: str
    size: int
    kind: str
    sources: list = field(default_factory=list)
    # A JPEG of common size, for what knows one address only; its bytes.
    src: str = ""
    src_size: int = 0
    src_width: int = 0
    src_height: int = 0
    width: int = 0
    height: int = 0
    card: str = ""


@dataclass(frozen=True)
class ShownFiles:
    """All files of an edition, by their part in the page."""

    lead: Shown | None = None
    pictures: tuple = ()
    attachments: tuple = ()


def public_address(sha256, name):
    """Where readers get a released file."""
    return reverse("file", args=[sha256, name])


def shown_files(edition, address=public_address):
    """What `edition` carries, with addresses from `address(sha256, name)`: one query where there is anything.

    A preview gives an `address` of its own, because the public one knows no draft.
    """
    files = edition.carried
    _give_renditions([file for file in files if not hasattr(file, "made")])
    shown = [(file.role, _shown(file, address)) for file in files]
    roles = EditionFile.Role
    return ShownFiles(
        lead=next((each for role, each in shown if role == roles.LEAD), None),
        pictures=tuple(each for role, each in shown if role == roles.PICTURE),
        attachments=tuple(each for role, each in shown if role == roles.ATTACHMENT),
    )


def give_files(editions):
    """Let each of the stored `editions` know what it carries: one query for all, none where none carries anything."""
    carried = {edition.pk: [] for edition in editions if edition.file_count}
    if carried:
        for file in EditionFile.objects.filter(edition__in=carried).with_renditions().order_by("edition", "position"):
            carried[file.edition_id].append(file)
    for edition in editions:
        edition.carried = carried.get(edition.pk, [])


def _give_renditions(files):
    """Those of an edition that is not stored yet."""
    if not files:
        return
    made = Rendition.objects.filter(file__in=[file.file_id for file in files]).order_by("width", "pk")
    found = list(made.values("file_id", *RENDITION_FIELDS))
    for file in files:
        file.made = [each for each in found if each["file_id"] == file.file_id]


def _shown(file, address):
    def url(rendition):
        return address(rendition["sha256"], file.name + rendition["suffix"])

    whole = next(each for each in file.made if each["purpose"] in {"large", "document"})
    common = {"file": file, "url": url(whole), "size": whole["size"], "kind": BY_MEDIA_TYPE[whole["media_type"]].name}
    if file.role == EditionFile.Role.ATTACHMENT:
        return Shown(**common)
    page = [each for each in file.made if each["purpose"] == "page"]
    fallback = [each for each in page if each["media_type"] == FALLBACK]
    plain = next((each for each in fallback if each["width"] >= COMMON_WIDTH), fallback[-1])
    cards = (each for each in file.made if (each["focal_x"], each["focal_y"]) == (file.focal_x, file.focal_y))
    card = next(cards, None) if file.role == EditionFile.Role.LEAD else None
    return Shown(
        **common,
        sources=[
            (kind, ", ".join(f"{url(each)} {each['width']}w" for each in page if each["media_type"] == kind))
            for kind in MODERN
        ],
        src=url(plain),
        src_size=plain["size"],
        src_width=plain["width"],
        src_height=plain["height"],
        width=page[-1]["width"],
        height=page[-1]["height"],
        card=url(card) if card else "",
    )
