"""YAML as a plain tree that remembers its lines.

Made from the parser's events, not by its constructor: no alias can grow a small file (a "YAML bomb"), nothing is
nested deep enough to hurt, no key is silently lost to a second one, and no tag makes an object.
"""

import re
from dataclasses import dataclass

import yaml

from .faults import refuse

MOST_BYTES = 1_000_000  # sixty sessions with long descriptions take a tenth of it
MOST_LEVELS = 10
# libyaml where the package has it: ten times faster, so that a file full of rubbish is refused at once.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNREADABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass
class Node:
    """A value and the line on which it starts (from 1): a text, None, a list of nodes, or a Mapping."""

    value: object
    line: int


class Mapping(dict):
    """(line of the key, node) by the key's text, in the order of the file. `open_key` waits for its value."""

    open_key = None


def parse(data):
    """Return the root Node of a YAML file's bytes. Raises ProgramFaults for anything that is not one plain document."""
    text = _decode(data)
    try:
        return _build(yaml.parse(text, Loader=Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        refuse(mark and mark.line + 1, "", f"This is not YAML: {error.problem or error.context}. Check the signs here.")
    except yaml.YAMLError as error:
        refuse(None, "", f"This is not YAML: {error}")


def _decode(data):
    if len(data) > MOST_BYTES:
        refuse(None, "", "The file is too large for a program. At most 1 MB can be read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse(line, "", "This is not UTF-8 text. Save the file as UTF-8.")
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        line = text.count("\n", 0, unreadable.start()) + 1
        refuse(line, "", f"There is a sign that no text has (number {ord(unreadable[0])}). Take it out.")
    return text


def _build(events):
    root, open_nodes = None, []
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            refuse(line, "", "There is a second document. Keep one program in a file.")
        elif isinstance(event, yaml.NodeEvent):
            node = Node(_value(event, line), line)
            if open_nodes:
                _attach(open_nodes[-1], node)
            root = root or node
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(node)
                if len(open_nodes) > MOST_LEVELS:
                    refuse(line, "", "Brackets or lines are nested too deep for a program. Check the indentation.")
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
    return root or Node(None, 1)


def _value(event, line):
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        refuse(line, "", "Names like &this and *this are not read. Write it out, or put quotes around it.")
    if event.tag:
        refuse(line, "", "Tags like !this are not read. Take it out, or put quotes around it.")
    if isinstance(event, yaml.MappingStartEvent):
        return Mapping()
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    if event.implicit[0] and event.value in _NULLS:
        return None
    unreadable = _UNREADABLE.search(event.value)  # written as an escape: "\0"
    if unreadable:
        refuse(line, "", f"There is a sign that no text has (number {ord(unreadable[0])}). Take it out.")
    return event.value


def _attach(parent, node):
    """Add a node to the list or mapping that is open; in a mapping, keys and values come in turn."""
    entries = parent.value
    if not isinstance(entries, Mapping):
        entries.append(node)
    elif entries.open_key is not None:
        entries[entries.open_key.value] = (entries.open_key.line, node)
        entries.open_key = None
    elif not isinstance(node.value, str):
        refuse(node.line, "", "A field's name is missing before the colon.")
    elif node.value in entries:
        refuse(node.line, node.value, f"It is there twice, first on line {entries[node.value][0]}. Keep one.")
    else:
        entries.open_key = node
