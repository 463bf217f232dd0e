"""The catalogues of our own words: found in the sources, kept in locale/, compiled for Django. Babel does the work.

No program beside Python is needed (GNU gettext is not on every machine). There are two catalogues a language: what
attendees read, and what organisers read; a language may do without the second.
"""

import ast
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from conference.texts import access_statement
from registration.services import retention

ATTENDEES, ORGANISERS = "attendees", "organisers"
SOURCES = ("conference", "registration", "pxp", "templates")
# The demo, the style guide and one command for the person who runs the site stay in English.
EXEMPT = ("pxp/dev/", "templates/dev/", "registration/management/commands/check_mail.py")
OF_ORGANISERS = (
    "conference/admin/", "conference/workplace/", "conference/management/",
    "conference/program_file/", "conference/program_formats/", "conference/program_loading/", "conference/tables/",
    "conference/drafts/", "conference/day_sheet/", "conference/pictures/portraits.py",
    "conference/apps.py", "conference/rules.py", "conference/moving.py",
    "conference/clock/parsing.py",
    "registration/admin/", "registration/management/", "registration/apps.py",
    "registration/groups.py", "registration/services/accounts.py", "registration/services/team.py",
    "registration/services/planned_acts.py", "registration/mail/",
    "registration/services/broadcasts/", "registration/services/wording.py", "registration/services/day_changes.py",
    "registration/services/files/", "registration/services/people_import/", "registration/people_file/",
    "registration/models/people_files.py",
    "registration/letters/wording.py", "registration/letters/previews.py", "registration/models/broadcasts.py",
    "registration/models/notices.py", "registration/models/tables.py", "registration/models/letter_texts.py",
    "registration/models/reminders.py", "registration/models/limits.py", "registration/models/link_requests.py",
    "registration/models/accounts.py", "registration/models/farewells.py", "registration/models/questions.py",
    "conference/models/changes.py",
    "pxp/accounts/", "pxp/operations/", "pxp/organisers_site.py", "pxp/proxies.py",
    "pxp/first_page.py", "pxp/apps.py", "pxp/checks.py",
    "templates/admin/", "templates/organisers/", "templates/account/", "templates/mfa/",
)  # fmt: skip
# Names and hints of columns are for organisers, but for those that pages print.
PRINTED = {"more about access"}
KINDS = {
    "gettext": ("id",),
    "ngettext": ("id", "plural"),
    "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}
LITERAL = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
CALL = re.compile(
    rf"""(?:\b(?P<name>n?p?gettext)|\b_)\(u?(?P<words>(?:{LITERAL.pattern})(?:,\s*u?(?:{LITERAL.pattern}))*)"""
    r"|(?m:^\s*#\s*(?P<comment>Translators:.*)$)"
)
# Header lines that say nothing, or only when: a file in which nothing changed stays the same.
EMPTY_HEADS = re.compile(
    rb'(?m)^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|'
    rb"Language-Team|Generated-By): .*\n"
)
# Babel orders two Arabic plural forms differently from everybody else: 0, 1, 2, 3 to 10, 11 to 99, the rest.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@dataclass(frozen=True)
class Found:
    """One message and its place in the sources: `file` from the top folder, `part` whose it is."""

    file: str
    part: str
    id: str
    plural: str = ""
    context: str = ""
    comment: str = ""


def template(part: str) -> Catalog:
    """Return a catalogue with all messages of a part, not translated."""
    found = find()
    of_attendees = {(one.context, one.id) for one in found if one.part == ATTENDEES}
    catalogue = Catalog(project="PxP", charset="utf-8")
    for one in found:
        if (ATTENDEES if (one.context, one.id) in of_attendees else ORGANISERS) == part:
            catalogue.add(
                (one.id, one.plural) if one.plural else one.id,
                locations=[(one.file, 1)],
                auto_comments=[one.comment] if one.comment else [],
                context=one.context or None,
            )
    return catalogue


@cache
def find() -> list[Found]:
    """Return each message of ours: of Python files, templates, and the YAML files that pages print."""
    return list(_in_sources())


def _in_sources() -> Iterator[Found]:
    top = settings.BASE_DIR
    files = sorted(file for folder in SOURCES for file in (top / folder).rglob("*") if file.is_file())
    for file in files:
        name = file.relative_to(top).as_posix()
        if name.startswith(EXEMPT) or "/migrations/" in name:
            continue
        if file.suffix == ".py":
            yield from in_python(name, file.read_text(encoding="utf-8"))
        elif file.suffix in (".html", ".svg", ".txt"):
            yield from in_template(name, file.read_text(encoding="utf-8"))
    for name, words in (
        ("registration/services/retention.yaml", retention.words()),
        ("conference/texts/accessibility.yaml", access_statement.words()),
    ):
        yield from (Found(name, ATTENDEES, text) for text in words)


def in_python(file: str, source: str) -> Iterator[Found]:
    """Yield the messages of a Python file, by the names under which it imports Django's functions."""
    tree, lines = ast.parse(source), source.splitlines()
    names = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name.removesuffix("_lazy") in KINDS
    }
    for node, is_hidden in _walk(tree, file, hidden=False):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names):
            continue
        values = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        kind = KINDS[names[node.func.id]]
        if len(values) < len(kind):
            continue  # not in the source: the text comes from a YAML file, which is read separately
        given = dict(zip(kind, values, strict=False))
        is_theirs = file.startswith(OF_ORGANISERS) or (is_hidden and given["id"] not in PRINTED)
        yield Found(file, ORGANISERS if is_theirs else ATTENDEES, comment=_comment_above(lines, node), **given)


def _walk(node: ast.AST, file: str, *, hidden: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Yield each node below, and whether only organisers see its words: names and hints of columns, of passages."""
    for child in ast.iter_child_nodes(node):
        inner = hidden or _begins_hidden(child, file)
        yield child, inner
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") == "Passage" and not inner:
            for place, argument in enumerate(child.args):
                yield argument, place in (1, 2)
                yield from _walk(argument, file, hidden=place in (1, 2))
        else:
            yield from _walk(child, file, hidden=inner)


def _begins_hidden(node: ast.AST, file: str) -> bool:
    if "/models/" in file:
        is_meta = isinstance(node, ast.ClassDef) and node.name == "Meta"
        is_column = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "models"
        )
        return is_meta or is_column
    if file.startswith("conference/texts/"):  # the name of a page, by which organisers find its passages
        return isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.col_offset == 0
    return False


def _comment_above(lines: list[str], node: ast.Call) -> str:
    """Return what the source tells translators in the line above a message."""
    above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
    return above.removeprefix("# ") if above.startswith("# Translators:") else ""


def in_template(file: str, source: str) -> Iterator[Found]:
    """Yield the messages of a template, as Django's own makemessages reads it."""
    part = ORGANISERS if file.startswith(OF_ORGANISERS) else ATTENDEES
    comment = ""
    # Django turns the template into calls with literals only, and comments.
    for call in CALL.finditer(templatize(source, origin=file)):
        if call["comment"]:
            comment = call["comment"].strip()
            continue
        words = [ast.literal_eval(text) for text in LITERAL.findall(call["words"])]
        yield Found(file, part, comment=comment, **dict(zip(KINDS[call["name"] or "gettext"], words, strict=False)))
        comment = ""


def parts_of(language: str) -> list[str]:
    """Return the parts that a language has."""
    return [ATTENDEES, ORGANISERS] if language in settings.ORGANISER_LANGUAGES else [ATTENDEES]


def languages() -> list[str]:
    """Return the languages into which our words are translated."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def file_of(part: str, language: str) -> Path:
    """Return where a catalogue is kept."""
    return settings.BASE_DIR / "locale" / part / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def read(part: str, language: str) -> Catalog:
    """Return a catalogue as it is kept, or an empty one."""
    file, locale = file_of(part, language), language.replace("-", "_")
    if file.exists():
        with file.open("rb") as source:
            return read_po(source, locale=locale)
    catalogue = Catalog(locale=locale, charset="utf-8", fuzzy=False)
    if language in PLURALS:
        catalogue.mime_headers = [*catalogue.mime_headers, ("Plural-Forms", PLURALS[language])]
    return catalogue


def update_catalogue(part: str, language: str) -> Catalog:
    """Return a catalogue with today's messages. Changed ones keep their old translation, marked as fuzzy."""
    catalogue = read(part, language)
    catalogue.update(template(part), update_creation_date=False)
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as the text of its file, which changes only where a message does."""
    out = BytesIO()
    catalogue.header_comment = "# Words of PxP. How to translate them: docs/languages.md"
    write_po(out, catalogue, width=100, include_lineno=False, sort_by_file=True, omit_header=False)
    return EMPTY_HEADS.sub(b"", out.getvalue())


def is_translated(message: Message) -> bool:
    """Whether a message is translated in all its forms, and not fuzzy."""
    strings = message.string if message.pluralizable else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


def compile_catalogues() -> None:
    """Write each catalogue as Django reads it, where that is older than its words."""
    for language in languages():
        for part in parts_of(language):
            source = file_of(part, language)
            target = source.with_suffix(".mo")
            if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
                continue
            out, catalogue = BytesIO(), read(part, language)
            for message in [one for one in catalogue if one.id and not is_translated(one)]:
                catalogue.delete(message.id, message.context)
            write_mo(out, catalogue)
            half = target.with_name(f"{secrets.token_hex(4)}.mo")  # another process may do the same now
            half.write_bytes(out.getvalue())
            half.replace(target)


def faults_of(catalogue: Catalog) -> Iterator[str]:
    """Yield a sentence for each translation that would break a page: a wrong placeholder, or a missing plural."""
    for message in catalogue:
        strings = message.string if message.pluralizable else (message.string,)
        if not message.id or not any(strings):
            continue
        ids = message.id if message.pluralizable else (message.id,)
        if not all(strings):
            yield f"{ids[0]!r}: a plural form is empty."
        may, must = set(PLACEHOLDER.findall(ids[-1])), set(PLACEHOLDER.findall(ids[0]))
        for text in strings:
            there = set(PLACEHOLDER.findall(text))
            # A plural form may say its number in words, "one day, two days", so a plural has all or fewer of them.
            if there - may or (not message.pluralizable and must - there):
                yield f"{ids[0]!r}: the placeholders differ in {text!r}."
