"""Draw an uploaded picture anew: upright, in sRGB, without anything but its pixels; and its renditions.

Runs in the child (press.intake.worker), within its limits of memory and time.
"""

import io
import warnings

from PIL import Image, ImageCms, ImageOps

from press.intake import endings
from press.intake.kinds import AVIF, JPEG, PNG, WEBP
from press.intake.refusal import Unfit

# The large picture that readers may download: its longer side, in pixels.
LONGEST = 4096
# The widths that the layout uses: the text column of 640 CSS pixels at one and two device pixels
# each, a telephone's, and one between.
WIDTHS = (400, 640, 960, 1280)
# Of JPEG only these: the few browsers that know nothing newer do not choose among widths.
JPEG_WIDTHS = {640, 1280}
# What one picture of a page may weigh; the qualities are tried in turn until it does.
BUDGET = 80 * 1024
ENCODERS = {
    AVIF: ((58, 50, 42, 34), {"speed": 7, "max_threads": 1}),
    WEBP: ((78, 68, 56, 44), {"method": 4}),
    JPEG: ((80, 70, 60, 50), {"optimize": True, "progressive": True}),
}
CARD = (1200, 630)
# A PNG stays one, unless it is a photograph: then it would be many times as large as a JPEG.
LARGEST_PNG = 4 * 1024 * 1024


def examine(path, kind, folder, pixels):
    """Check and draw anew the picture at `path`; write all that may be published of it into `folder`.

    Returns a dict for each file: its name, media type, purpose, width and height. Raises Unfit.
    """
    endings.check(path.read_bytes(), kind)
    picture = _opened(path, kind, pixels)
    return [_large(picture, kind, folder), *_for_pages(picture, folder)]


def card(path, folder, x, y):
    """The large picture at `path`, cut to 1200×630 around the point at `x`, `y` per cent, for links elsewhere."""
    with Image.open(path, formats=("JPEG", "PNG")) as picture:
        cut = picture.convert("RGB").resize(CARD, Image.Resampling.LANCZOS, _box(picture.size, x, y), 2)
    return [_written(_encoded(cut, JPEG, budget=3 * BUDGET), JPEG, cut, folder, "card")]


def _box(size, x, y):
    """The largest part of a picture of `size` in the card's shape, its middle as near the point as can be."""
    width, height = size
    cut_width, cut_height = min(width, height * CARD[0] / CARD[1]), min(height, width * CARD[1] / CARD[0])
    left = min(max(width * x / 100 - cut_width / 2, 0), width - cut_width)
    top = min(max(height * y / 100 - cut_height / 2, 0), height - cut_height)
    return (left, top, left + cut_width, top + cut_height)


def _opened(path, kind, pixels):
    """The first frame as RGB, upright, no side longer than LONGEST."""
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=(kind.name.upper(),)) as source:
            if source.width * source.height > pixels:
                raise Unfit("too_many_pixels", limit=pixels // 1_000_000)
            # A JPEG is decoded at a fraction of its size where that is still enough.
            source.draft(None, (LONGEST, LONGEST))
            source.load()
            return _plain(source)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("too_many_pixels", limit=pixels // 1_000_000) from error
    except MemoryError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise Unfit("damaged") from error


def _plain(source):
    profile = source.info.get("icc_profile")
    if source.mode in {"P", "PA", "1", "LA", "La", "RGBa"} or "transparency" in source.info:
        picture = source.convert("RGBA")
    elif source.mode in {"L", "RGB", "RGBA", "CMYK"}:
        picture = source
    else:
        picture = source.convert("RGB")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    picture = ImageOps.exif_transpose(picture)
    opaque = Image.new("RGB", picture.size, "white")
    opaque.paste(_in_srgb(picture, profile), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return opaque


def _in_srgb(picture, profile):
    """The colours of `picture` as sRGB has them; a profile that cannot be read is left out of account."""
    alike = picture.convert("RGB") if picture.mode in {"RGBA", "L"} else picture
    if not profile:
        return alike.convert("RGB")
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(alike, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return alike.convert("RGB")


def _large(picture, kind, folder):
    """What readers may download."""
    if kind == PNG:
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", optimize=picture.width * picture.height < 1_000_000)
        if buffer.tell() <= LARGEST_PNG:
            return _written(buffer.getvalue(), PNG, picture, folder, "large")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90, optimize=True, progressive=True)
    return _written(buffer.getvalue(), JPEG, picture, folder, "large")


def _for_pages(picture, folder):
    """One file for each width and format."""
    for width in sorted({min(width, picture.width) for width in WIDTHS}):
        height = max(1, round(picture.height * width / picture.width))
        resized = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
        for kind in ENCODERS:
            if kind == JPEG and width not in {*JPEG_WIDTHS, picture.width}:
                continue
            yield _written(_encoded(resized, kind, BUDGET), kind, resized, folder, "page")


def _encoded(picture, kind, budget):
    """The bytes of `picture`, of the best quality that fits the budget, or else of the least."""
    qualities, options = ENCODERS[kind]
    for quality in qualities:
        buffer = io.BytesIO()
        picture.save(buffer, kind.name.upper(), quality=quality, **options)
        if buffer.tell() <= budget:
            break
    return buffer.getvalue()


def _written(data, kind, picture, folder, purpose):
    name = f"{purpose}-{picture.width}{kind.suffixes[0]}"
    (folder / name).write_bytes(data)
    return {
        "path": name,
        "media_type": kind.media_type,
        "purpose": purpose,
        "width": picture.width,
        "height": picture.height,
    }
