"""YAML as plain data with the line of each part of it, and plain data as YAML.

No alias can grow a small file (a "YAML bomb"), nothing is nested deep enough to hurt, no key is silently lost to a
second one, and no tag makes an object.
"""

import yaml

from conference.program_file import Plain, refuse
from conference.program_file.schema import UNREADABLE

MOST_BYTES = 1_000_000  # sixty sessions with long descriptions take a tenth of it
MOST_LEVELS = 10
# libyaml where the package has it: ten times faster, so a file full of rubbish is refused at once.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(data):
    """Return a YAML file's bytes as Plain data. Raises ProgramFaults for anything that is not one plain document."""
    if len(data) > MOST_BYTES:
        refuse(None, "", "The file is too large for a program. At most 1 MB can be read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(data.count(b"\n", 0, error.start) + 1, "", "This is not UTF-8 text. Save the file as UTF-8.")
    _refuse_unreadable(text)
    lines = {}
    try:
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=Loader)
        return Plain(root and _plain(root, (), lines), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        refuse(mark and mark.line + 1, "", f"This is not YAML: {error.problem or error.context}. Check the signs here.")
    except yaml.YAMLError as error:
        refuse(None, "", f"This is not YAML: {error}")


def _refuse_unreadable(text, line=1):
    if found := UNREADABLE.search(text):
        line += text.count("\n", 0, found.start())
        refuse(line, "", f"There is a sign that no text has (number {ord(found[0])}). Take it out.")


def _refuse_tricks(text):
    """Refuse what plain files have no use for, before anything is made of it."""
    documents = levels = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            refuse(line, "", "There is a second document. Keep one program in a file.")
        if levels > MOST_LEVELS:
            refuse(line, "", "Brackets or lines are nested too deep for a program. Check the indentation.")
        if getattr(event, "anchor", None):
            refuse(line, "", "Names like &this and *this are not read. Write it out, or put quotes around it.")
        if getattr(event, "tag", None):
            refuse(line, "", "Tags like !this are not read. Take it out, or put quotes around it.")


def _plain(node, place, lines):
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, number), lines) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        _refuse_unreadable(node.value, line)  # written as an escape: "\0"
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    found = {}
    for key, value in node.value:
        here, line = (*place, key.value), key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            refuse(line, "", "A field's name is missing before the colon.")
        if key.value in found:
            refuse(line, key.value, f"It is there twice, first on line {lines[here]}. Keep one.")
        lines[here] = line
        found[key.value] = _plain(value, here, lines)
    return found


def as_yaml(told):
    """Return plain data as the bytes of a YAML file, in the order in which it is."""
    return yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100).encode()


class _Dumper(yaml.SafeDumper):
    """Writes words of several lines as they look."""

    def represent_words(self, words):
        return self.represent_scalar("tag:yaml.org,2002:str", words, style="|" if "\n" in words else None)


_Dumper.add_representer(str, _Dumper.represent_words)
