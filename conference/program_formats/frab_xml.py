"""Parses frab XML into the data structure of schedule JSON, with the line of each part.

expat parses it; files that define entities are refused, so none can expand.
"""

from xml.parsers import expat

from django.utils.translation import gettext as _

from conference.program_file import refuse

from .sizes import LONGEST_TEXT, MOST_BYTES, refuse_larger, refuse_long, refuse_long_pieces, refuse_many

MOST_PARTS = 25_000
MOST_LEVELS = 12
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NO_ATTRIBUTES = {}


class Node:
    """An element: its tag, attributes, text and children, and its line."""

    __slots__ = ("attributes", "children", "tag", "text", "where")

    def __init__(self, tag, attributes, where):
        self.tag, self.attributes, self.where = tag, attributes or _NO_ATTRIBUTES, where
        self.children, self.text = (), ""  # a file has thousands of them

    def all(self, tag):
        return [child for child in self.children if child.tag == tag]

    def first(self, tag):
        return next(iter(self.all(tag)), Node(tag, {}, self.where))


def parse(data):
    """Return what a frab XML file's bytes say, as schedule JSON has it, and a function from a place to its line.

    Raises ProgramFaults for anything that is not plain XML of a bearable size, or has another root.
    """
    root = _tree(data)
    if root.tag != "schedule" or not root.all("conference"):
        words = _("This is not a schedule: <schedule> with a <conference> in it is missing. Export it as frab XML.")
        refuse(root.where, "", words)
    lines = {}
    told = _schedule(root, lines)
    return told, lambda place: next(lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines)


def _tree(data):
    if data[:2] in _UTF_16 or b"\0" in data[:2]:  # its characters may contain the byte of "<"
        refuse_larger(data, MOST_BYTES)
    refuse_long_pieces(data, b"<")  # a tag with all its attributes, or a text: neither has it inside
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        words = _("This is not XML: %(error)s. Export the file once more.")
        refuse(error.lineno, "", words % {"error": expat.ErrorString(error.code)})
    except (LookupError, ValueError):
        refuse(1, "", _("The file is in an encoding that is not known. Save it as UTF-8."))
    return builder.root


class _Builder:
    """Makes Nodes of what expat finds."""

    def __init__(self):
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_own_words
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.add_text
        self.root, self.open, self.parts = None, [], 0

    def refuse_own_words(self, *_about):
        words = _("The file has a <!DOCTYPE>, which may define words of its own (XML entities). Take it out.")
        refuse(self.parser.CurrentLineNumber, "", words)

    def start(self, tag, attributes):
        line, self.parts = self.parser.CurrentLineNumber, self.parts + 1
        if self.parts > MOST_PARTS:
            refuse_many(line)
        if len(self.open) >= MOST_LEVELS:
            refuse(line, "", _("Elements are nested too deep for a program. Export the file once more."))
        above = self.open[-1] if self.open else None
        node = Node(tag, attributes, line)
        if above:
            if not above.children:
                above.children = []
            above.children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, _tag):
        self.open.pop()

    def add_text(self, words):
        node = self.open[-1]
        if len(node.text) + len(words) > LONGEST_TEXT:
            refuse_long(self.parser.CurrentLineNumber)
        node.text += words


def _schedule(root, lines):
    generator, conference, place = root.first("generator"), root.first("conference"), ("schedule", "conference")
    told = _fields(conference, place, lines)
    told["days"] = [_day(day, (*place, "days", number), lines) for number, day in enumerate(root.all("day"))]
    lines |= {(): root.where, place: conference.where}
    return {"generator": {"name": generator.attributes.get("name", "")}, "schedule": {"conference": told}}


def _day(day, place, lines):
    lines[place] = day.where
    names = {"index": "index", "date": "date", "start": "day_start", "end": "day_end"}
    told = {name: day.attributes[given] for given, name in names.items() if given in day.attributes}
    told["rooms"] = rooms = {}
    for room in day.all("room"):
        name = room.attributes.get("name", "")
        events = rooms.setdefault(name, [])
        for event in room.all("event"):
            events.append(_event(event, (*place, "rooms", name, len(events)), lines))
    return told


def _event(event, place, lines):
    lines[place] = event.where
    told = _fields(event, place, lines) | event.attributes
    told["persons"] = [
        person.attributes | {"public_name": person.text} for person in _below(event, "persons", "person", place, lines)
    ]
    told["links"] = [
        {"url": link.attributes.get("href", ""), "title": link.text}
        for link in _below(event, "links", "link", place, lines)
    ]
    return told


def _below(event, group, tag, place, lines):
    found = event.first(group).all(tag)
    lines |= {(*place, group, number): node.where for number, node in enumerate(found)}
    return found


def _fields(node, place, lines):
    """Return the texts of the elements below that have no others in them."""
    told = {child.tag: child.text for child in node.children if not child.children}
    lines |= {(*place, child.tag): child.where for child in node.children}
    return told
