"""The colours, read from the style sheet itself, and the contrast of each pair."""

import re
from dataclasses import dataclass
from itertools import product

from django.conf import settings

GROUNDS = ("paper", "tint", "leaf")
# (roles in front, grounds behind, least contrast), WCAG 2.2: 1.4.6 for text, 1.4.11 for controls, kept at 4.5 here
PAIRS = [
    (("ink", "soft", "accent", "accent-strong", "good"), (*GROUNDS, "band"), 7),
    (("bad",), ("paper", "blush"), 7),
    (("warn",), ("paper", "sand"), 7),
    (("ink",), ("blush", "sand"), 7),
    (("on-accent",), ("accent", "accent-strong"), 7),
    (("on-purple",), ("purple",), 7),
    (("on-green",), ("green",), 7),
    (("line", "bad"), ("paper", "tint"), 4.45),
]
SIZES = ("small", "title", "h1", "poster")
SPACES = ("s1", "s2", "s3", "s4", "s5")


@dataclass(frozen=True)
class Pair:
    """A role in front of a ground, and its contrast in the light and in the dark look."""

    front: str
    behind: str
    least: float
    light: float
    dark: float


def colours(scheme):
    """Return the colour of each role in "light" or "dark", as (red, green, blue)."""
    tokens = (settings.BASE_DIR / "static" / "site" / "tokens.css").read_text()
    light, dark = tokens.split("@media (prefers-color-scheme: dark)")
    found = {}
    for part in (light, dark) if scheme == "dark" else (light,):
        for role, value in re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", part):
            digits = value if len(value) == 6 else "".join(digit * 2 for digit in value)
            found[role] = tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return found


def contrast(one, other):
    """Return the contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21."""

    def luminance(colour):
        shares = [part / 255 for part in colour]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs():
    """Return each Pair of PAIRS, measured."""
    light, dark = colours("light"), colours("dark")
    return [
        Pair(front, behind, least, contrast(light[front], light[behind]), contrast(dark[front], dark[behind]))
        for fronts, grounds, least in PAIRS
        for front, behind in product(fronts, grounds)
    ]
