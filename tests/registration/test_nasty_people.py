"""Nasty values in each column of a file with people: a bad row with its column, or words as our forms take them."""

import csv
import io
import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.models import Day
from registration import people_file
from registration.models import FilePortion, PeopleFile, Registrant
from registration.people_file import RowFault
from registration.services.people_import import Planned
from tests.factories import NOW, make_program, make_staff
from tests.support.people_tables import workbook_of

pytestmark = pytest.mark.django_db

HEADINGS = [
    "Name",
    "Email",
    "Country",
    "Time zone",
    "Language",
    "Days",
    "Signed up by",
    "Roles",
    "Role in their own words",
]
GOOD = ["Ada Lovelace", "ada@example.org", "Ireland", "Europe/Dublin", "fr", "Day 1", "Grace", "", "Nurse"]
NASTY = [
    '=HYPERLINK("http://x","y")',
    "'=1+1",
    "a\u202eb\u2066c",
    "\x1b[31m\x07\x7f\x85",
    "a\nb\rc\u2028d",
    "\ufeff\u200b\ue000\U000f0000\ufffe",
    "<script>alert(1)</script> ]]>&amp;",
    "x" * 20_000,
    "%s %(n)d {0} {{ x }}",
    "9" * 400,
    "٠١ 👩🏽\u200d🦽",
    "\\ud800",
]


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(days=2, sessions=1)).with_conference())


def rows():
    """A row for each column and each value, with its own address."""
    for column in range(len(HEADINGS)):
        for value in NASTY:
            row = list(GOOD)
            row[1] = f"a{column}x{NASTY.index(value)}@example.org"
            row[column] = value
            yield row


def as_csv(table):
    file = io.StringIO()
    csv.writer(file).writerows(table)
    return file.getvalue().encode()


def as_workbook(table):
    """XML has no place for control characters."""
    return workbook_of(*[["".join(sign for sign in cell if sign >= " ") for cell in row] for row in table])


@pytest.mark.parametrize("written", [as_csv, as_workbook])
def test_any_cell_of_a_file_with_people_is_a_bad_row_or_words_as_our_forms_take_them(client, days, written):
    client.force_login(make_staff())
    upload = SimpleUploadedFile("a\u202eb<b>.csv", written([HEADINGS, *rows()]))

    client.post(reverse("admin:peoplefile-start"), {"file": upload})
    file = PeopleFile.objects.get()
    file = people_file.choose(file, people_file.Choices.from_plain(file.choices | {"is_verified": True}), now=NOW)
    page = client.get(reverse("admin:peoplefile-look", args=[file.pk])).text
    found = people_file.preview_rows(file, FilePortion.objects.get(), now=NOW)
    agreed = people_file.fingerprint_of(file)
    people_file.import_people(file, user=file.user, agreed=agreed, writes=False, is_whole=False, now=NOW)

    assert "<script>alert(1)" not in page
    assert [sign for sign in page if unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign not in "\n\u200d"] == []
    assert {type(row) for row in found} == {Planned, RowFault}
    assert len(found) == len(HEADINGS) * len(NASTY)
    for row in found:
        if isinstance(row, RowFault):
            assert row.column == (row.row - 2) // len(NASTY) or "The row names no day." in row.sentence
            assert len(row.sentence) < 200
    for person in Registrant.objects.all():
        words = (person.name, person.carer_name, person.role_words)
        assert [one for one in words if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in one)] == []
        assert [one for one in words if "\u202e" in one or "\u2066" in one or "\ufffe" in one] == []
