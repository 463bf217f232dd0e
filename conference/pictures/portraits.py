"""Pictures of people as organisers upload them, made ready for pages: square, in three sizes, nothing else in them."""

import hashlib
import struct
from io import BytesIO

import pi_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from conference.models import Picture
from conference.models.pictures import SIZES

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = 50_000_000  # of a good camera; more would need too much memory
LEAST_SIDE = 96  # pixels
QUALITY = 82
ORIENTATION = 0x0112  # the tag of EXIF that says how the camera was held, and what turns that upright
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
FACE = (0.5, 0.4)  # what to keep if a picture is not square: faces are above the middle

pi_heif.register_heif_opener()


def take_portrait(data, *, now):
    """Return the Picture of an uploaded file's bytes, saved at the UTC instant `now`; the same bytes give the same one.

    Raises ValueError with a sentence for what is no picture, or too large or small. Place, camera and all else that a
    file may say of itself (EXIF) are gone, after it turned the picture upright.
    """
    picture = _upright(data)
    squares = {name: _square(picture, side) for name, side in SIZES.items()}
    key = hashlib.sha256(b"".join(squares.values())).hexdigest()[:32]
    return Picture.objects.get_or_create(key=key, defaults=squares | {"added_at": now})[0]


def _upright(data):
    """Return the file as a picture in plain colours on white, the right way up."""
    unreadable = ValueError(_("We cannot read this picture. Choose a JPEG, PNG, WebP or HEIC file."))
    try:
        with Image.open(BytesIO(data), formats=KINDS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise ValueError(_("This picture is too large. Choose one with at most 50 million pixels."))
            if min(found.size) < LEAST_SIDE:
                raise ValueError(_("This picture is too small. Choose one of at least 96 by 96 pixels."))
            found.load()
            # Not ImageOps.exif_transpose, which rewrites all of EXIF and fails if a camera wrote it wrongly.
            turn = TURNS.get(found.getexif().get(ORIENTATION))
            picture = (found if turn is None else found.transpose(turn)).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, TypeError, struct.error, Image.DecompressionBombError):
        raise unreadable from None
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _square(picture, side):
    """Return the middle of a picture as the bytes of a JPEG of `side` by `side` pixels."""
    small = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=FACE)
    written = BytesIO()
    small.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
