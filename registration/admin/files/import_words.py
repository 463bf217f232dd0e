"""What comes of the rows of a file, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.tables import column_letters
from registration.forms.fields import one_line
from registration.people_file import LeftOut, RowFault


def fault_words(fault, headings):
    """Return (where, why) of a bad row: ("Row 7, column C (Email)", "The email address is missing.")."""
    row, column, sentence = fault
    if column is None:
        return _("Row %(n)d") % {"n": row}, sentence
    values = {"n": row, "letter": column_letters(column + 1)}
    heading = one_line(headings[column]) if column < len(headings) else ""
    if heading:
        values["heading"] = heading[:40]
        return _("Row %(n)d, column %(letter)s (%(heading)s)") % values, sentence
    return _("Row %(n)d, column %(letter)s") % values, sentence


def row_words(row, headings):
    """Return (number, name, address, what comes of it, whether it is bad) of a row that was looked at."""
    if isinstance(row, RowFault):
        where, why = fault_words((row.row, row.column, row.sentence), headings)
        return row.row, where, "", why, True
    if isinstance(row, LeftOut):
        return row.row, row.name, "", _("Left out: %(why)s") % {"why": row.sentence}, False
    person = row.wanted.person
    number = row.wanted.row
    notes = [": ".join(fault_words((number, note.column, note.sentence), headings)) for note in row.notes]
    return number, person.name, person.email, " ".join([_plan_words(row), *notes]), False


def _plan_words(plan):
    days = ", ".join(day.label for day in plan.add)
    if plan.again:
        return _("The same person as in an earlier row.")
    parts = []
    if plan.add:
        parts.append((_("New: %(days)s") if plan.is_new else _("Here already, new days: %(days)s")) % {"days": days})
    if plan.seat:
        parts.append(_("Here already, and their days count as confirmed now."))
    if plan.given_up:
        given_up = ", ".join(day.label for day in plan.given_up)
        parts.append(_("They cancelled %(days)s themselves, and that does not change.") % {"days": given_up})
    if not parts:
        return _("Here already. Nothing changes.")
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts)


def outcomes(file):
    """Return what the rows of a file change, or changed, as sentences: those of bad rows apart."""
    counts = file.counts
    words = {
        "new": ngettext("%(n)d new person", "%(n)d new people", counts.get("new", 0)),
        "known": ngettext(
            "%(n)d person who is here already, with new days",
            "%(n)d people who are here already, with new days",
            counts.get("known", 0),
        ),
        "same": ngettext(
            "%(n)d person who is here already: nothing changes",
            "%(n)d people who are here already: nothing changes",
            counts.get("same", 0),
        ),
        "again": ngettext(
            "%(n)d row with a person of an earlier row",
            "%(n)d rows with people of earlier rows",
            counts.get("again", 0),
        ),
        "left_out": ngettext(
            "%(n)d row left out: cancelled, denied or not confirmed in the file, or on no day to come",
            "%(n)d rows left out: cancelled, denied or not confirmed in the file, or on no day to come",
            counts.get("left_out", 0),
        ),
    }
    return [sentence % {"n": counts[name]} for name, sentence in words.items() if counts.get(name)]


def counted_days(file, days):
    """Return a sentence for each day that gets people: how many, and how many of them wait because it is full."""
    sentences = []
    for day in days:
        numbers = file.counts.get("days", {}).get(str(day.pk))
        if not numbers:
            continue
        words = ngettext("%(day)s: %(n)d person", "%(day)s: %(n)d people", numbers["added"])
        sentence = words % {"day": day.label, "n": numbers["added"]}
        if numbers["waiting"]:
            full = ngettext(
                "The day is full: %(n)d of them goes on the waiting list.",
                "The day is full: %(n)d of them go on the waiting list.",
                numbers["waiting"],
            )
            sentence = f"{sentence}. {full % {'n': numbers['waiting']}}"
        sentences.append(sentence)
    return sentences
