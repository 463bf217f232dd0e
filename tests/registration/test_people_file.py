"""What the site reads in tables with people: headings in four languages, days, states, and what is wrong with a row."""

import pytest

from conference.models import Day
from registration.people_file import Choices, LeftOut, RowFault
from registration.people_file.headings import find_head, guess, use_of
from registration.people_file.rows import Reading
from registration.people_file.values import country_in, days_in, language_in, roles_in, state_in
from registration.services.people_import import Wanted
from tests.factories import FIRST_DAY

DAYS = [
    Day(pk=10 + number, number=number, title=title, starts_at=FIRST_DAY) for number, title in ((1, "Hope"), (2, ""))
]


@pytest.mark.parametrize(
    ("heading", "use"),
    [
        ("First Name", "first"),
        ("* E-mail :", "email"),
        ("Adresse courriel", "email"),
        ("Dirección de correo electrónico", "email"),
        ("عنوان البريد الإلكتروني", "email"),
        ("Country/Region Name", "country"),
        ("Approval Status", "state"),
        ("What is your full name?", "name"),
        ("Quel est votre prénom ?", "first"),
        ("¿En qué país vive?", "country"),
        ("Event name", ""),
        ("Buyer Email", ""),
        ("Company name", ""),
        ("Registration Time", ""),
        ("Langue des courriels", "language"),  # of our own table, as organisers have it in French
    ],
)
def test_a_heading_says_what_its_column_is(heading, use):
    assert use_of(heading) == use


@pytest.mark.parametrize(
    ("headings", "cells", "uses"),
    [
        (["Nom", "Prénom", "Courriel"], ["L", "A", "a@example.org"], ["last", "first", "email"]),
        (["Nombre", "Apellidos", "Correo"], ["A", "L", "a@example.org"], ["first", "last", "email"]),
        (["Name", "Email", "Ticket Type"], ["A", "a@example.org", "Day 2"], ["name", "email", "days"]),
        (["Name", "Email", "Ticket Type"], ["A", "a@example.org", "Free"], ["name", "email", None]),
        (["Name", "Mail", "PxP 2027, Day 2"], ["A", "a@example.org", "x"], ["name", "email", "day:12"]),
        (["Who", "Where"], ["Ada", "ada@example.org"], [None, "email"]),
        ([], ["Ada", "ada@example.org"], [None, "email"]),
    ],
)
def test_columns_are_guessed_together(headings, cells, uses):
    found = guess(headings, [cells], DAYS)

    assert [found.get(number) for number in range(len(uses))] == uses


def test_headings_are_found_below_other_lines():
    rows = [["Report"], ["Topic", "Name of the event"], ["a", "b"], [], ["Name", "Email"], ["Ada", "ada@example.org"]]

    assert find_head(rows) == 5
    assert find_head([["Ada", "ada@example.org"]]) == 0


def test_a_column_of_days_is_one_also_where_most_people_wrote_something_else():
    rows = [["Day 1"], ["Sunday"], ["12 September"], ["whenever"]]

    assert guess(["Which days?"], rows, DAYS) == {0: "days"}
    assert guess(["Ticket type"], rows, DAYS) == {}
    assert guess(["Which days?"], rows[1:], DAYS) == {}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Day 1, Day 2", [1, 2]),
        ("Jours 1 et 2", [1, 2]),
        ("Día 2", [2]),
        ("اليوم 2", [2]),
        ("1;2", [1, 2]),
        ("All days", [1, 2]),
        ("I come for Hope", [1]),
        ("Days 1-2", [1, 2]),
        ("All days except Day 2", []),
        ("toutes les journées sauf jour 2", []),
        ("Todos menos el día 1", []),
        ("Not Day 2", []),
        ("كل الأيام ما عدا اليوم 2", []),
        ("1–2", [1, 2]),
        ("Jours 1 à 3", [1, 2]),
        ("Day 1 to 2, on site", [1, 2]),
        ("12 September", []),
        ("2027-1-2", []),
        ("General admission", []),
        ("", []),
    ],
)
def test_a_cell_names_days(words, numbers):
    assert [day.number for day in days_in(words, DAYS)] == numbers


def test_the_title_of_a_day_says_nothing_about_who_comes():
    day = Day(pk=11, number=1, title="Not without us, but with us")

    assert days_in("Day 1: Not without us, but with us", [day]) == [day]


def test_cells_say_where_people_are_and_what_they_speak():
    named = ["GB", "United Kingdom", "Royaume-Uni", "Reino Unido", "المملكة المتحدة", "England", "U.K.", "Atlantis"]
    assert [country_in(words) for words in named] == ["GB"] * 7 + [""]
    spoken = ["fr", "French", "français", "fr-CA", "Español", "العربية", "Klingon"]
    assert [language_in(words) for words in spoken] == ["fr", "fr", "fr", "fr", "es", "ar", ""]
    assert roles_in("Patient partner; Researcher; x") == (["patient_partner", "researcher"], ["x"])
    states = ["approved", "Checked In", "Pending approval", "Annulé", "On the waiting list", "odd"]
    assert [state_in(words) for words in states] == ["comes", "comes", "waits for them", "gone", "comes", ""]


COLUMNS = {0: "name", 1: "email", 2: "country", 3: "state", 4: "days"}


def read(*cells, merged=(), columns=COLUMNS, **chosen):
    chosen = Choices(head=1, columns=columns, **{"days": (11,)} | chosen)
    return Reading(chosen, DAYS, width=5, merged=set(merged)).read(2, list(cells))


def test_a_good_row_is_a_person_with_days():
    row = read(" Zoë  O'Brien ", "Zoë <zoe@example.org>", "Ireland", "approved", "Day 2")

    assert isinstance(row, Wanted)
    assert (row.person.name, row.person.email, row.days) == ("Zoë O'Brien", "zoe@example.org", (12,))
    assert (row.person.country, row.person.time_zone) == ("IE", "Europe/Dublin")


@pytest.mark.parametrize(
    ("use", "words", "sentence"),
    [
        ("country", "Atlantis", "the country “Atlantis”"),
        ("time_zone", "Mars/Crater", "the time zone “Mars/Crater”"),
        ("language", "Klingon", "not in “Klingon”"),
        ("roles", "Patient partner; Wizard", "the role “Wizard”"),
        ("role_words", "x" * 1001, "longer than"),
        ("carer_name", "x" * 300, "longer than"),
        ("days", "Day 2, Day 9", "Day 9 is not an upcoming day"),
        ("country", "-", None),
        ("days", "all days", None),
        ("days", "1;2", None),
    ],
)
def test_a_good_row_says_what_of_it_stays_out(use, words, sentence):
    row = read("Ada", "a@example.org", words, columns={0: "name", 1: "email", 2: use})

    assert isinstance(row, Wanted)
    assert [note.column for note in row.notes] == ([2] if sentence else [])
    assert all(sentence in note.sentence for note in row.notes)


def test_exactly_the_guard_of_our_own_table_is_taken_out():
    names = [read(name, "a@example.org").person.name for name in ("'=Ada", "'Twas Ada", "''=1")]

    assert names == ["=Ada", "'Twas Ada", "'=1"]


@pytest.mark.parametrize("name", ["Zoë O'Brien & Søn", "Santiago Ramón y Cajal", "J.de Boer", "D'Arcy", "-", "山田"])
def test_names_of_one_person_come_as_typed(name):
    row = read(name, "a@example.org")

    assert isinstance(row, RowFault) if name == "-" else row.person.name == name


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (["", "a@example.org"], 0, "name is missing"),
        (["Ada", ""], 1, "address is missing"),
        (["Ada"], 1, "address is missing"),
        (["ada@example.org", "ada@example.org"], 0, "email address in the name column"),
        (["Ada Lovelace & Bob King", "a@example.org"], 0, "two people"),
        (["Ada\nBob", "a@example.org, b@example.org"], 1, "two addresses"),
        (["Ada", "ada.example.org"], 1, "@ is missing"),
        (["Ada", "ada @example.org"], 1, "space"),
        (["Ada", "ada@example"], 1, "not an email address"),
        (["A" * 201, "a@example.org"], 0, "too long"),
        (["Ada " + "A" * 100_000, "a@example.org"], 0, "too long"),
        (["Ada", "a" * 100_000], 1, "too long"),
        (["=HYPERLINK(1)", "a@example.org"], 0, "formula"),
        (["Ada", "+cmd|'/C calc'!A0"], 1, "formula"),
        (["Chlo\ufffd", "a@example.org"], 0, "another encoding"),
        (["JosÃ©", "a@example.org"], 0, "garbled"),
        (["Жанна".encode("cp1251").decode("cp1252"), "a@example.org"], 0, "garbled"),
        (["Γιάννης".encode("cp1253").decode("cp1252"), "a@example.org"], 0, "garbled"),
        (["سارة".encode("cp1256").decode("cp1252"), "a@example.org"], 0, "garbled"),
        (["#REF!", "a@example.org"], 0, "formula"),
        (["#N/A", "a@example.org"], 0, "formula"),
        (["#NOM?", "a@example.org"], 0, "formula"),
        (["#¿NOMBRE?", "a@example.org"], 0, "formula"),
        (["#DIV/0!", "a@example.org"], 0, "formula"),
        (["Ada", "Err:502"], 1, "formula"),
        (["Ada", "a@example.org", "", "perhaps"], 3, "state “perhaps”"),
        (["Ada", "a@example.org", "", "", "Day 9"], 4, "no upcoming day"),
        (["Ada", "a@example.org", "", "", "", "Lovelace"], 5, "more cells"),
    ],
)
def test_a_bad_row_says_in_which_column_and_why(cells, column, words):
    fault = read(*cells)

    assert isinstance(fault, RowFault)
    assert (fault.row, fault.column) == (2, column)
    assert words in fault.sentence


@pytest.mark.parametrize("name", ["Þórður Æðarsøn", "Zoë", "#1 Ada", "Ærø Øå", "Ngô Đình", "Noël Ðà", "Mari Jäääär"])
def test_a_name_with_many_accents_is_not_taken_for_garbled(name):
    assert isinstance(read(name, "a@example.org"), Wanted)


def test_row_with_days_of_absence_is_bad():
    row = read("Ada", "a@example.org", "All but Day 1", columns={0: "name", 1: "email", 2: "days"})

    assert (row.column, row.sentence) == (2, "Write the days on which they come, like Day 1, Day 3.")


def test_a_row_with_merged_cells_is_bad_and_one_without_days_too():
    assert "merged" in read("Ada", "a@example.org", merged=[2]).sentence
    assert "names no day" in read("Ada", "a@example.org", days=()).sentence


@pytest.mark.parametrize(
    ("state", "is_verified", "is_in"),
    [("denied", True, False), ("denied", False, False), ("pending", True, False), ("pending", False, True)],
)
def test_what_was_denied_or_waits_is_left_out(state, is_verified, is_in):
    row = read("Ada", "a@example.org", "", state, is_verified=is_verified)

    assert isinstance(row, Wanted if is_in else LeftOut)


def test_columns_of_our_own_table_say_the_state_on_each_day():
    columns = {0: "name", 1: "email", 2: "day:11", 3: "day:12"}

    row = read("Ada", "a@example.org", "Confirmed", "Cancelled", columns=columns)

    assert row.days == (11,)
    assert isinstance(read("Ada", "a@example.org", "", "Cancelled", columns=columns), LeftOut)
