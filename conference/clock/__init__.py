"""Times and places in words, for every time zone. Nothing here reads the machine's clock or the database."""

from .spans import Span, clock_words, date_words, short_date_words, utc_span
from .zones import (
    UnknownZone,
    canonical_zone,
    common_zones,
    countries,
    country_name,
    default_zone_of,
    guess_country,
    offset_words,
    place_name,
    zone_choices,
    zone_label,
    zones_of,
)

__all__ = [
    "Span",
    "UnknownZone",
    "canonical_zone",
    "clock_words",
    "common_zones",
    "countries",
    "country_name",
    "date_words",
    "default_zone_of",
    "guess_country",
    "offset_words",
    "place_name",
    "short_date_words",
    "utc_span",
    "zone_choices",
    "zone_label",
    "zones_of",
]
