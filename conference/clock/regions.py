"""Parts of the world in each language, as CLDR names them: "Asia and Oceania" is "Asie et Océanie" in French."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

# UN M49, if the word for "in" is the same before each: French has another one before the Caribbean.
PARTS_OF_THE_WORLD = ("002", "003", "005", "009", "013", "142", "150", "419")
BOTH_AMERICAS = re.compile(r"\b(north and south america|(the )?americas)\b")
BETWEEN = re.compile(r",(?: and)? | and ")


@cache
def region_words(region: str, language: str) -> str:
    """Return an English list of parts of the world in `language`, or "" if one of them is not such a part."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return ""
    english = BOTH_AMERICAS.sub("north america and south america", " ".join(region.casefold().split()))
    codes = [_codes().get(part) for part in BETWEEN.split(english)]
    return format_list([locale.territories[code] for code in codes if code], locale=locale) if all(codes) else ""


@cache
def _codes() -> dict[str, str]:
    names = Locale.parse("en").territories
    return {names[code].casefold(): code for code in PARTS_OF_THE_WORLD}
