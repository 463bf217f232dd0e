"""Parses YAML into plain data with the line of each part, and writes plain data as YAML.

Aliases (a "YAML bomb"), deep nesting, duplicate keys and tags that create objects are refused.
"""

import yaml
from django.utils.translation import gettext as _

from conference.program_file import Plain, refuse, words_of
from conference.program_file.schema import unreadable
from conference.raw_input import UNREADABLE

from .sizes import MOST_BYTES, refuse_larger, refuse_many

MOST_PARTS = 25_000  # fields, values, lists; a session has about thirty
MOST_LEVELS = 10
# libyaml if the package has it: ten times faster, so a file full of rubbish is refused at once.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(data):
    """Return a YAML file's bytes as Plain data. Raises ProgramFaults for anything that is not one plain document."""
    refuse_larger(data, MOST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(data.count(b"\n", 0, error.start) + 1, "", _("This is not UTF-8 text. Save the file as UTF-8."))
    _refuse_unreadable(text)
    lines = {}
    try:
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=Loader)
        return Plain(root and _plain(root, (), lines), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = _("This is not YAML: %(error)s. Check the punctuation here.") % {
            "error": error.problem or error.context
        }
        refuse(mark and mark.line + 1, "", words)
    except yaml.YAMLError as error:
        refuse(None, "", _("This is not YAML: %(error)s. Check the punctuation here.") % {"error": error})


def _refuse_unreadable(text, line=1):
    if found := UNREADABLE.search(text):
        line += text.count("\n", 0, found.start())
        refuse(line, "", unreadable(found[0]))


def _refuse_tricks(text):
    """Refuse what plain files do not need, before anything is built from it."""
    documents = levels = parts = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        parts += isinstance(event, yaml.NodeEvent)
        if parts > MOST_PARTS:
            refuse_many(line)
        if documents > 1:
            refuse(line, "", _("There is a second document. Keep one program in a file."))
        if levels > MOST_LEVELS:
            refuse(line, "", _("Brackets or lines are nested too deep for a program. Check the indentation."))
        if getattr(event, "anchor", None):
            refuse(line, "", _("Names like &this and *this are not read. Write it out, or put quotes around it."))
        if getattr(event, "tag", None):
            refuse(line, "", _("Tags like !this are not read. Take it out, or put quotes around it."))


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
            refuse(line, "", _("A field’s name is missing before the colon."))
        if key.value in found:
            words = _("It is there twice, first on %(line)s. Keep one.") % {"line": words_of(lines[here])}
            refuse(line, key.value, words)
        lines[here] = line
        found[key.value] = _plain(value, here, lines)
    return found


def as_yaml(told):
    """Return plain data as the bytes of a YAML file, in the order in which it is."""
    return yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100).encode()


class _Dumper(yaml.SafeDumper):
    """Writes multi-line text as a literal block."""

    def represent_words(self, words):
        return self.represent_scalar("tag:yaml.org,2002:str", words, style="|" if "\n" in words else None)


_Dumper.add_representer(str, _Dumper.represent_words)
