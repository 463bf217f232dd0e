"""Times and places in words, for every time zone. Nothing here reads the machine's clock or the database."""

from .dates import (
    date_words,
    day_and_month_words,
    plain_date_words,
    short_date_words,
    weekday_and_day_words,
    weekday_words,
)
from .hours import clock_words, full_hour_words
from .nearness import (
    elsewhere_words,
    place_words,
    reminder_words,
    reminder_words_anywhere,
    until_words,
    until_words_anywhere,
)
from .other_names import OF_COUNTRIES, other_names
from .parts import hours_from_midnight
from .ranges import dates_words, range_words
from .regions import region_words
from .spans import Span, utc_span
from .zones import (
    MORE_TERRITORIES,
    UnknownZone,
    canonical_zone,
    common_zones,
    countries,
    country_name,
    is_zone,
    offset_words,
    place_name,
    places,
    territory_of,
    zone_choices,
    zone_label,
    zones_of,
)

__all__ = [
    "MORE_TERRITORIES",
    "OF_COUNTRIES",
    "Span",
    "UnknownZone",
    "canonical_zone",
    "clock_words",
    "common_zones",
    "countries",
    "country_name",
    "date_words",
    "dates_words",
    "day_and_month_words",
    "elsewhere_words",
    "full_hour_words",
    "hours_from_midnight",
    "is_zone",
    "offset_words",
    "other_names",
    "place_name",
    "place_words",
    "places",
    "plain_date_words",
    "range_words",
    "region_words",
    "reminder_words",
    "reminder_words_anywhere",
    "short_date_words",
    "territory_of",
    "until_words",
    "until_words_anywhere",
    "utc_span",
    "weekday_and_day_words",
    "weekday_words",
    "zone_choices",
    "zone_label",
    "zones_of",
]
