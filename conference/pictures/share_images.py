"""Draws share images: 1200 by 630 pixels, as Open Graph asks, readable at 200 pixels in a phone's list of messages.

Pure: the same Card gives the same bytes. The look is that of static/site/tokens.css in its light design.
"""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
PAPER, INK, GOOD, SOFT = "#fdfcf8", "#23143a", "#15582f", "#4d4160"
PURPLE, GREEN, LENS, PALE = "#5b2a91", "#84ca84", "#3a1f6b", "#e6dff0"
EDGE = 64
SMOOTH = 3  # circles are drawn so many times too large, and then made small

TITLE_SIZES = (144, 128, 112, 100, 88, 78, 68, 60, 54)
TITLE_TOP, TITLE_WIDTH = 106, 800  # pixels; the circles stand beside it
DATE_SIZE, REGION_SIZE = 46, 29
UNKNOWN = "\U0010fffd"  # a character that no font has


@lru_cache(maxsize=256)
def draw(card):
    """Return a `conference.share_cards.Card` as the bytes of a PNG."""
    image = _ground(card.lit).copy()
    brush = ImageDraw.Draw(image)
    brush.text((EDGE, 52), _writable(card.eyebrow, "Bold"), fill=GOOD, font=_font("Bold", 42))
    pairs = [(_writable(date, "Bold"), _writable(region, "Semibold")) for date, region in card.lines]
    bottom = _write_lines(brush, [pair for pair in pairs if any(pair)][:2])
    _write_title(brush, _writable(card.title, "Black") or card.spare_title, bottom - TITLE_TOP)
    out = BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=128, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def _write_lines(brush, pairs):
    """Write dates and regions at the bottom, and return where they begin. Only what is too wide is smaller."""
    rows = [
        row
        for date, region in pairs
        for row in ((date, "Bold", DATE_SIZE, INK), (region, "Semibold", REGION_SIZE, SOFT))
    ]
    bottom = HEIGHT - 52
    for text, weight, size, colour in reversed([row for row in rows if row[0]]):
        while brush.textlength(text, font=_font(weight, size)) > TITLE_WIDTH + 40 and size > 20:
            size -= 2
        brush.text((EDGE, bottom), text, fill=colour, font=_font(weight, size), anchor="ls")
        bottom -= round(size * 1.18) + (10 if weight == "Bold" else 0)
    return bottom - 24


def _write_title(brush, title, height):
    """As large as it fits into `height`; a very long one ends with an ellipsis."""
    for size in TITLE_SIZES:
        font = _font("Black", size)
        lines = _wrapped(brush, title, font, TITLE_WIDTH)
        if len(lines) * size <= height and all(brush.textlength(line, font=font) <= TITLE_WIDTH for line in lines):
            break
    most = height // size
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" ,.:;") + "…"]
    for number, line in enumerate(lines):
        brush.text((EDGE - 4, TITLE_TOP + number * size), line, fill=INK, font=font)


def _wrapped(brush, text, font, width):
    """Break text into lines between words; a word that is too wide has a line of its own, or is cut."""
    lines, line = [], ""
    for word in text.split():
        wider = f"{line} {word}".strip()
        if line and brush.textlength(wider, font=font) > width:
            lines.append(line)
            wider = word
        while brush.textlength(wider, font=font) > width and font.size == TITLE_SIZES[-1]:
            cut = next(at for at in range(len(wider) - 1, 0, -1) if brush.textlength(wider[:at], font=font) <= width)
            lines.append(wider[:cut])
            wider = wider[cut:]
        line = wider
    return [*lines, line] if line else lines


@lru_cache(maxsize=8)
def _ground(lit):
    """Paper with the three circles of the days at its right edge; the ones that are lit are filled."""
    size = (WIDTH * SMOOTH, HEIGHT * SMOOTH)
    image = Image.new("RGB", size, PAPER)
    brush = ImageDraw.Draw(image)
    circles = [(1050, 122, "1"), (1050, 508, "3"), (1050, 315, "2")]
    radius = 128
    shapes = {}
    for x, y, day in circles:
        shapes[day] = [(x - radius) * SMOOTH, (y - radius) * SMOOTH, (x + radius) * SMOOTH, (y + radius) * SMOOTH]
    for day in sorted("132", key=lambda day: day in lit):  # those that are lit lie on top
        colour = (GREEN if day == "2" else PURPLE) if day in lit else PALE
        brush.ellipse(shapes[day], fill=colour)
    middle = _disc(size, shapes["2"])
    for day in "13":
        if day in lit and "2" in lit:
            both = Image.composite(_disc(size, shapes[day]), Image.new("L", size), middle)
            image.paste(LENS, mask=both)
    for (x, y, day), letter in zip(circles, ("P", "P", "x"), strict=True):
        if day in lit:
            sign = letter if lit == "123" else day
            ink = INK if day == "2" else "#ffffff"
            brush.text((x * SMOOTH, y * SMOOTH), sign, fill=ink, font=_font("Black", 120 * SMOOTH), anchor="mm")
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _disc(size, shape):
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse(shape, fill=255)
    return mask


@lru_cache(maxsize=64)
def _font(weight, size):
    path = files("font_source_sans_pro") / "files" / f"SourceSansPro-{weight}.ttf"
    # Basic layout: the optional one of Pillow is not on every machine, and the bytes should be.
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _writable(text, weight):
    """The text without characters that the font lacks; empty if no letter or digit is left."""
    kept = "".join(char if _has(weight, char) else " " for char in text)
    return " ".join(kept.split()) if any(char.isalnum() for char in kept) else ""


@lru_cache(maxsize=4096)
def _has(weight, char):
    font = _font(weight, 32)
    return char.isspace() or (char.isprintable() and bytes(font.getmask(char)) != bytes(font.getmask(UNKNOWN)))
