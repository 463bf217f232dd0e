"""What else people call a place whose clock they look for: by an old or short name, or by a part of its country."""

from functools import cache

from babel.core import get_global

# By the country's code, in any language of the site. What CLDR calls the country, or begins like it, is found without.
OF_COUNTRIES = {
    "AE": ("UAE",),
    "BS": ("The Bahamas",),
    "CD": ("DRC", "DR Congo", "Democratic Republic of the Congo", "RDC"),
    "CG": ("Republic of the Congo",),
    "CI": ("Ivory Coast", "Costa de Marfil"),
    "CV": ("Cabo Verde",),
    "CZ": ("Czech Republic", "République tchèque", "República Checa"),
    "GB": (
        "UK", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland",
        "Grande-Bretagne", "Angleterre", "Écosse", "Pays de Galles", "Irlande du Nord",
        "Gran Bretaña", "Inglaterra", "Escocia", "Gales", "Irlanda del Norte",
        "بريطانيا", "إنجلترا", "اسكتلندا", "ويلز",
    ),
    "GM": ("The Gambia",),
    "KR": ("Korea", "Republic of Korea", "Corée", "Corea", "كوريا"),
    "MK": ("Macedonia", "Macédoine"),
    "MM": ("Burma", "Birmanie", "Birmania", "بورما"),
    "NL": ("Holland", "The Netherlands", "Hollande", "Holanda"),
    "PH": ("The Philippines",),
    "PS": ("Palestine", "Palestina", "فلسطين"),
    "RU": ("Russian Federation",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "US": ("USA", "US", "United States of America", "America", "EE. UU.", "EEUU", "أمريكا"),
    "VN": ("Viet Nam",),
}  # fmt: skip
# Last parts of old names of zones that name no place, or more places than theirs: Brazil/East, Australia/Victoria.
NO_PLACES = {
    "ACT", "Atlantic", "Central", "Continental", "East", "Eastern", "General", "Johnston", "LHI", "Mountain", "North",
    "NSW", "Pacific", "Pacific-New", "Samoa", "South", "Victoria", "Virgin", "West",
}  # fmt: skip


@cache
def other_names(zone_name: str) -> tuple[str, ...]:
    """Return what the zone database called a zone before, as people write it: "Kiev", "Montreal", "Newfoundland"."""
    return tuple(sorted(_by_zone().get(zone_name, ())))


@cache
def _by_zone() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for old, today in get_global("zone_aliases").items():
        last = old.rpartition("/")[2]
        if "/" in old and not old.startswith("Etc/") and last not in NO_PLACES:
            names.setdefault(today, set()).add(last.replace("_", " "))
    return names
