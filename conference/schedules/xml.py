"""Writes schedule JSON as frab's XML, which conference apps on phones read (https://c3voc.de/schedule/schema.xsd)."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

# In the order in which other programs write them; their words are the same in both formats.
_OF_THE_CONFERENCE = ("title", "acronym", "start", "end", "timeslot_duration", "url", "time_zone_name")
_OF_A_SESSION = (
    "room",
    "title",
    "subtitle",
    "type",
    "date",
    "start",
    "duration",
    "abstract",
    "slug",
    "track",
    "language",
    "description",
    "url",
)


def schedule_xml(data):
    """Return the bytes of frab's XML for the data that `schedule_json` returns."""
    schedule, conference = data["schedule"], data["schedule"]["conference"]
    root = Element("schedule")
    SubElement(root, "generator", name=data["generator"]["name"], system=data["generator"]["url"])
    _write(root, schedule, ("url", "version"))
    _write(SubElement(root, "conference"), conference, _OF_THE_CONFERENCE)
    SubElement(root.find("conference"), "days").text = str(conference["daysCount"])
    for day in conference["days"]:
        node = SubElement(
            root, "day", index=str(day["index"]), date=day["date"], start=day["day_start"], end=day["day_end"]
        )
        for room, sessions in day["rooms"].items():
            place = SubElement(node, "room", name=_writable(room))
            for session in sessions:
                _write_session(place, session)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _write_session(place, session):
    node = SubElement(place, "event", guid=session["guid"], id=str(session["id"]))
    _write(node, session, _OF_A_SESSION)
    recording = SubElement(node, "recording")
    SubElement(recording, "license").text = session["recording_license"]
    SubElement(recording, "optout").text = str(session["do_not_record"]).lower()
    persons = SubElement(node, "persons")
    for person in session["persons"]:
        SubElement(persons, "person", id=str(person["id"])).text = _writable(person["public_name"])
    links = SubElement(node, "links")
    for link in session["links"]:
        SubElement(links, "link", href=link["url"]).text = _writable(link["title"])
    SubElement(node, "attachments")


def _write(node, values, names):
    for name in names:
        SubElement(node, name).text = _writable(str(values[name]))


def _writable(text):
    """Return the text without the control characters that XML 1.0 forbids."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
