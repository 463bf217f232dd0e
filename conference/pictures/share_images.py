"""Draws share images: 1200 by 630 pixels, as Open Graph asks, readable at 200 pixels in a phone's list of messages.

Pure: the same Card gives the same bytes. The look is that of static/site/tokens.css in its light design.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
PAPER, INK, GOOD, SOFT = "#fdfcf8", "#23143a", "#15582f", "#4d4160"
PURPLE, GREEN, LENS, PALE = "#5b2a91", "#84ca84", "#3a1f6b", "#e6dff0"
EDGE = 64
MOST_CIRCLES = 5
CIRCLES = 1050  # pixels from the edge where one begins to read to their middles
ARABIC_SIZE, ARABIC_HEIGHT = 0.86, 1.25  # its letters are wider and need more room above and below
OVERLAPPING = 1.508  # radii from the middle of a circle to that of the next
SMOOTH = 3  # circles are drawn this many times larger, then scaled down

TITLE_SIZES = (144, 128, 112, 100, 88, 78, 68, 60, 54)
TITLE_TOP, TITLE_WIDTH = 106, 800  # pixels; the circles are beside it
DATE_SIZE, REGION_SIZE = 46, 29
UNKNOWN = "\U0010fffd"  # a character that no font has


@lru_cache(maxsize=256)
def draw(card):
    """Return a `conference.pictures.share_cards.Card` as the bytes of a PNG."""
    image = _ground(card.day, card.days, card.is_rtl).copy()
    pen = Pen(ImageDraw.Draw(image), card.is_rtl)
    pen.write(52, pen.writable(card.eyebrow, "Bold"), "Bold", 42, GOOD, "a")
    pairs = [(pen.writable(date, "Bold"), pen.writable(region, "Semibold")) for date, region in card.lines]
    bottom = _write_lines(pen, [pair for pair in pairs if any(pair)][:2])
    _write_title(pen, pen.writable(card.title, "Black") or card.spare_title, bottom - TITLE_TOP)
    out = BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=128, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


@dataclass(frozen=True)
class Pen:
    """Writes lines of text from the edge where one begins to read."""

    brush: ImageDraw.ImageDraw
    is_rtl: bool

    def write(self, top, text, weight, size, colour, anchor):
        """Write a line: `anchor` says what `top` is, its highest point ("a") or its ground ("s")."""
        x, side = (WIDTH - EDGE, "r") if self.is_rtl else (EDGE, "l")
        self.brush.text((x, top), text, fill=colour, font=_font(weight, size, self.is_rtl), anchor=side + anchor)

    def width(self, text, weight, size):
        """Return how wide a text is, in pixels."""
        return self.brush.textlength(text, font=_font(weight, size, self.is_rtl))

    def writable(self, text, weight):
        """Return the text without characters that the font lacks; empty if no letter or digit is left."""
        kept = "".join(char if _has(weight, char, self.is_rtl) else _instead_of(char) for char in text)
        return " ".join(kept.split()) if any(char.isalnum() for char in kept) else ""


def _write_lines(pen, pairs):
    """Write dates and regions at the bottom, and return where they begin. Only lines that are too wide get smaller."""
    rows = [
        row
        for date, region in pairs
        for row in ((date, "Bold", DATE_SIZE, INK), (region, "Semibold", REGION_SIZE, SOFT))
    ]
    bottom = HEIGHT - 52
    for text, weight, size, colour in reversed([row for row in rows if row[0]]):
        while pen.width(text, weight, size) > TITLE_WIDTH + 40 and size > 20:
            size -= 2
        pen.write(bottom, text, weight, size, colour, "s")
        bottom -= round(size * 1.18) + (10 if weight == "Bold" else 0)
    return bottom - 24


def _write_title(pen, title, height):
    """As large as it fits into `height`; a very long one ends with an ellipsis."""
    high = ARABIC_HEIGHT if pen.is_rtl else 1
    for size in TITLE_SIZES:
        lines = _wrapped(pen, title, size, TITLE_WIDTH)
        if len(lines) * size * high <= height and all(pen.width(line, "Black", size) <= TITLE_WIDTH for line in lines):
            break
    most = int(height // (size * high))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" ,.:;") + "…"]
    for number, line in enumerate(lines):
        pen.write(TITLE_TOP + round(number * size * high), line, "Black", size, INK, "a")


def _wrapped(pen, text, size, width):
    """Break text into lines between words; a word that is too wide has a line of its own, or is cut."""
    lines, line = [], ""
    for word in text.split():
        wider = f"{line} {word}".strip()
        if line and pen.width(wider, "Black", size) > width:
            lines.append(line)
            wider = word
        while pen.width(wider, "Black", size) > width and size == TITLE_SIZES[-1]:
            cut = next(at for at in range(len(wider) - 1, 0, -1) if pen.width(wider[:at], "Black", size) <= width)
            lines.append(wider[:cut])
            wider = wider[cut:]
        line = wider
    return [*lines, line] if line else lines


@lru_cache(maxsize=16)
def _ground(day, days, is_rtl=False):
    """Paper with one circle for each of `days` at the edge where lines end. That of `day` is filled; None fills all.

    Three filled circles have the letters of the logo in them, a single one the day's number, and any others nothing.
    """
    count = min(MOST_CIRCLES, max(days, day or 1))
    lit = range(1, count + 1) if day is None else {min(day, count)}
    size = (WIDTH * SMOOTH, HEIGHT * SMOOTH)
    image = Image.new("RGB", size, PAPER)
    brush = ImageDraw.Draw(image)
    radius = min(128, round(642 / (2 + OVERLAPPING * (count - 1))))  # all of them are a little higher than the picture
    step = round(OVERLAPPING * radius)
    middle_x = WIDTH - CIRCLES if is_rtl else CIRCLES
    first = (HEIGHT - step * (count - 1)) / 2
    shapes = {}
    for place in range(1, count + 1):
        y = first + (place - 1) * step
        box = (middle_x - radius, y - radius, middle_x + radius, y + radius)
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


@lru_cache(maxsize=128)
def _font(weight, size, is_rtl=False):
    if is_rtl:  # Arabic letters join: the other layout, which the wheels of Pillow bring, shapes and orders them
        name = {"Black": "Bold", "Semibold": "SemiBold"}.get(weight, weight)
        path = files("fontpkg_ibm_plex_sans_arabic") / "files" / f"IBMPlexSansArabic-{name}.ttf"
        return ImageFont.truetype(str(path), round(size * ARABIC_SIZE), layout_engine=ImageFont.Layout.RAQM)
    path = files("font_source_sans_pro") / "files" / f"SourceSansPro-{weight}.ttf"
    # Basic layout: the optional one of Pillow is not on every machine, and the bytes should be.
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _instead_of(char):
    """A blank for a character that cannot be written; nothing for a mark within a word, such as a soft hyphen."""
    return "" if unicodedata.category(char) == "Cf" else " "


@lru_cache(maxsize=4096)
def _has(weight, char, is_rtl):
    font = _font(weight, 32, is_rtl)
    return char.isspace() or (char.isprintable() and bytes(font.getmask(char)) != bytes(font.getmask(UNKNOWN)))
