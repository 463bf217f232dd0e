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
MOST_CIRCLES = 5
OVERLAPPING = 1.508  # radii from the middle of a circle to that of the next
SMOOTH = 3  # circles are drawn so many times too large, and then made small

TITLE_SIZES = (144, 128, 112, 100, 88, 78, 68, 60, 54)
TITLE_TOP, TITLE_WIDTH = 106, 800  # pixels; the circles stand beside it
DATE_SIZE, REGION_SIZE = 46, 29
UNKNOWN = "\U0010fffd"  # a character that no font has


@lru_cache(maxsize=256)
def draw(card):
    """Return a `conference.share_cards.Card` as the bytes of a PNG."""
    image = _ground(card.day, card.days).copy()
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


@lru_cache(maxsize=16)
def _ground(day, days):
    """Paper with the circles of so many `days` at its right edge; that of `day` is filled, or all where it is None.

    All of three bear the letters of the mark, all of another number nothing, and one its number.
    """
    count = min(MOST_CIRCLES, max(days, day or 1))
    lit = range(1, count + 1) if day is None else {min(day, count)}
    size = (WIDTH * SMOOTH, HEIGHT * SMOOTH)
    image = Image.new("RGB", size, PAPER)
    brush = ImageDraw.Draw(image)
    radius = min(128, round(642 / (2 + OVERLAPPING * (count - 1))))  # all of them are a little higher than the picture
    step = round(OVERLAPPING * radius)
    first = (HEIGHT - step * (count - 1)) / 2
    shapes = {}
    for place in range(1, count + 1):
        y = first + (place - 1) * step
        box = (1050 - radius, y - radius, 1050 + radius, y + radius)
        shapes[place] = [edge * SMOOTH for edge in box]
    # Even days lie on odd ones, and those that are lit on top of all.
    for place in sorted(shapes, key=lambda place: (place in lit, place % 2 == 0)):
        colour = (PURPLE if place % 2 else GREEN) if place in lit else PALE
        brush.ellipse(shapes[place], fill=colour)
    for place in range(1, count):
        if place in lit and place + 1 in lit:
            both = Image.composite(_disc(size, shapes[place]), Image.new("L", size), _disc(size, shapes[place + 1]))
            image.paste(LENS, mask=both)
    for place, (left, top, right, bottom) in shapes.items():
        sign = str(day) if day else ("PxP"[place - 1] if count == 3 else "")
        if place in lit and sign:
            ink = "#ffffff" if place % 2 else INK
            middle = ((left + right) / 2, (top + bottom) / 2)
            brush.text(middle, sign, fill=ink, font=_font("Black", round(0.94 * radius) * SMOOTH), anchor="mm")
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
