"""libical, the parser of GNOME's and KDE's calendars, by its C functions."""

import ctypes
from datetime import UTC, datetime


class IcalTime(ctypes.Structure):
    """icaltimetype of libical 3."""

    _fields_ = [
        *[
            (name, ctypes.c_int)
            for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")
        ],
        ("zone", ctypes.c_void_p),
    ]


VEVENT, UTC_NAME = 4, b"UTC"  # ICAL_VEVENT_COMPONENT


def _library():
    library = ctypes.CDLL("libical.so.3")
    texts = ("get_uid", "get_summary", "get_description", "get_location")
    for name in texts:
        function = getattr(library, f"icalcomponent_{name}")
        function.argtypes, function.restype = [ctypes.c_void_p], ctypes.c_char_p
    for name in ("get_dtstart", "get_dtend"):
        function = getattr(library, f"icalcomponent_{name}")
        function.argtypes, function.restype = [ctypes.c_void_p], IcalTime
    library.icalparser_parse_string.argtypes, library.icalparser_parse_string.restype = (
        [ctypes.c_char_p],
        ctypes.c_void_p,
    )
    library.icalcomponent_get_first_component.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.icalcomponent_get_first_component.restype = ctypes.c_void_p
    library.icalcomponent_count_components.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.icalcomponent_count_errors.argtypes = [ctypes.c_void_p]
    library.icalcomponent_get_sequence.argtypes = [ctypes.c_void_p]
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    library.icaltimezone_get_tzid.argtypes, library.icaltimezone_get_tzid.restype = [ctypes.c_void_p], ctypes.c_char_p
    return library


def read_event(data):
    """Read a calendar of one event; return its uid, sequence, summary, description, location, start and end (UTC)."""
    library = _library()
    book = library.icalparser_parse_string(data)
    assert book, "libical reads nothing"
    try:
        assert library.icalcomponent_count_errors(book) == 0
        assert library.icalcomponent_count_components(book, VEVENT) == 1
        event = library.icalcomponent_get_first_component(book, VEVENT)
        texts = {
            name: (getattr(library, f"icalcomponent_get_{name}")(event) or b"").decode()
            for name in ("uid", "summary", "description", "location")
        }
        times = {
            name: _instant(library, getattr(library, f"icalcomponent_get_dt{name}")(event)) for name in ("start", "end")
        }
        return texts | times | {"sequence": library.icalcomponent_get_sequence(event)}
    finally:
        library.icalcomponent_free(book)


def _instant(library, time):
    assert library.icaltimezone_get_tzid(time.zone) == UTC_NAME, "not in UTC"
    return datetime(time.year, time.month, time.day, time.hour, time.minute, time.second, tzinfo=UTC)
