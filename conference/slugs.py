"""Names of people and things as they are in web addresses."""

from django.utils.text import slugify

# Letters that Unicode does not decompose into a Latin letter and an accent, so a slug would lose them.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def free_slug(name, taken):
    """Return a web address that is not in `taken`: "grace", "grace-2"; "speaker" for a name without Latin letters."""
    stem = slugify(name.lower().translate(_LETTERS))[:100].strip("-") or "speaker"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
