"""People as a table for spreadsheet programs."""

import csv

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.clock import country_name
from registration.models import Question, Registrant
from registration.models.details import DETAILS, columns_for_organisers

# A cell that begins with one of these is a formula to a spreadsheet program, and people type their own names. The
# wide ones are what Japanese keyboards type, and blanks before them are skipped.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")


def csv_of(people):
    """Return a download of `people` (a QuerySet with their days loaded): one row each, a column for each day
    and each of the organisers' questions.

    UTF-8 with a mark at the start, since spreadsheet programs guess wrong without; times in UTC (ISO 8601).
    """
    questions = list(Question.objects.for_people(people))
    people = list(people.prefetch_related("answers"))
    days = {row.day for person in people for row in person.registrations.all()}
    days = sorted(days, key=lambda day: (day.conference_id, day.number))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    table = csv.writer(response, quoting=csv.QUOTE_ALL)
    table.writerow(
        [
            *[capfirst(detail.label) for detail in DETAILS if detail.for_organisers],
            _("Signed up (UTC)"),
            _("Address confirmed (UTC)"),
            _("Added by an organiser"),
            *[harmless(str(day)) for day in days],
            *[harmless(question.label) for question in questions],
        ]
    )
    for person in people:
        table.writerow([harmless(cell) for cell in cells_of(person, days, questions)])
    return response


def cells_of(person, days, questions):
    """Return one person's row. Of several rounds on one day the newest counts."""
    newest = {row.day: row for row in sorted(person.registrations.all(), key=lambda row: row.pk)}
    answers = {answer.question_id: answer.words for answer in person.answers.all()}
    return [
        *[cell_of(person, column) for column in columns_for_organisers()],
        f"{person.created_at:%Y-%m-%dT%H:%M:%SZ}",
        f"{person.verified_at:%Y-%m-%dT%H:%M:%SZ}" if person.verified_at else "",
        _("yes") if person.is_added_by_organiser else "",
        *[newest[day].get_status_display() if day in newest else "" for day in days],
        *[answers.get(question.pk, "") for question in questions],
    ]


def cell_of(person, column):
    """Return one detail of a person as organisers read it."""
    if column == "country":
        return country_name(person.country)
    if column == "roles":
        names = dict(Registrant.Role.choices)
        return "; ".join(str(names.get(role, role)) for role in person.roles)
    return str(getattr(person, column))


def harmless(cell):
    """Return a cell that no spreadsheet program takes for a formula."""
    begins_with_control = cell[:1] in ("\t", "\r", "\n")
    return f"'{cell}" if begins_with_control or cell.lstrip().startswith(FORMULA_STARTS) else cell
