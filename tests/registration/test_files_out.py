"""Files of people: what they hold, whom they are for, and that nobody works a small number out."""

import csv
import io
import tracemalloc
import uuid
from copy import copy

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from conference.clock import country_name
from registration.groups import ACCESS_TEAM, ORGANISERS
from registration.models import Registrant, Registration
from registration.services.files.columns import choices, chosen_by
from registration.services.files.numbers import numbers_of
from registration.services.files.people import people_of, table_of_people
from registration.services.files.suppression import LEAST, Count, hide_came, hide_of_days, merge_small
from registration.services.merges import merge
from registration.status import Status
from tests.factories import NOW, make_conference, make_confirmed, make_day, make_pending, make_staff, the_registration

pytestmark = pytest.mark.django_db

NEED = "a sign language interpreter"


@pytest.fixture
def conference():
    return make_conference()


@pytest.fixture
def days(conference):
    return [make_day(conference, number) for number in (1, 2)]


def rows_in(response):
    """Return the rows of a CSV download."""
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


# --- People ----------------------------------------------------------------------------------------------------------


def test_an_organiser_chooses_columns_and_the_account_keeps_them(organiser, days):
    ada = make_confirmed(days[0], name="Ada", language="fr", carer_name="Grace")
    Registration.objects.for_person(ada).update(attended_at=days[0].starts_at)
    make_pending(days[0], name="Bob", needs=NEED)
    url = reverse("admin:files-people")

    columns = ["name", "carer_name", "language", "came"]
    response = organiser.post(url, {"state": "confirmed", "day": days[0].pk, "columns": columns, "kind": "csv"})

    assert rows_in(response) == [
        ["Name", "Signed up by", "Language of mails", "PxP 2027, Day 1: came (UTC)", "PxP 2027, Day 2: came (UTC)"],
        ["Ada", "Grace", "fr", "2027-09-12T19:00:00Z", ""],
    ]
    assert response["Content-Disposition"] == 'attachment; filename="people-2027.csv"'
    assert "no-store" in response["Cache-Control"]
    assert chosen_by(User.objects.get()) == columns
    entry = LogEntry.objects.get()
    words = "Downloaded 1 person as a table (CSV): Name, Signed up by, Language of mails, Each day: when they came"
    assert (entry.change_message, entry.object_id) == (words, None)


def test_an_xlsx_file_has_everybody_with_all_columns_and_no_need(organiser, days):
    make_confirmed(days[0], name="=Ada", needs=NEED)
    make_pending(days[0], name="Bob")

    keys = [choice.key for choice in choices()]
    response = organiser.post(reverse("admin:files-people"), {"columns": keys, "kind": "xlsx"})

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(0).to_python()
    assert sorted(row[0] for row in sheet) == ["'=Ada", "Bob", "Name"]
    assert NEED not in str(sheet)


def test_a_table_without_columns_says_what_to_do(organiser, days):
    response = organiser.post(reverse("admin:files-people"), {"state": "", "kind": "csv"})

    assert response.status_code == 422
    assert "Tick at least one column." in response.text
    assert not LogEntry.objects.exists()


def test_the_page_offers_each_day_and_needs_to_the_access_team_alone(client, days):
    make_confirmed(days[0], needs=NEED)
    pages = {}
    for groups in ([ORGANISERS], [ACCESS_TEAM], [ORGANISERS, ACCESS_TEAM]):
        client.force_login(make_staff(*groups, username="-".join(groups)[:20]))
        pages[tuple(groups)] = client.get(reverse("admin:files")).text

    has = {groups: ("for Zoom (CSV)" in page, "1 access request" in page) for groups, page in pages.items()}
    assert has == {
        (ORGANISERS,): (True, False),
        (ACCESS_TEAM,): (False, True),
        (ORGANISERS, ACCESS_TEAM): (True, True),
    }


@pytest.mark.parametrize(
    ("name", "groups", "status"),
    [
        ("files", [], 403),
        ("files-numbers", [], 403),
        ("files-numbers", [ACCESS_TEAM], 403),
        ("files-people", [ACCESS_TEAM], 403),
        ("files-needs", [ORGANISERS], 403),
        ("files-needs", [ACCESS_TEAM], 200),
        ("files-people", [ORGANISERS], 422),
        ("files-numbers-download", [ORGANISERS], 200),
    ],
)
def test_files_open_for_their_role_alone(client, days, name, groups, status):
    user = make_staff(*(groups or [ORGANISERS]))
    if not groups:
        user.groups.clear()
        user.user_permissions.set(Permission.objects.filter(codename="view_session"))
    client.force_login(user)
    method = client.get if name in ("files", "files-numbers") else client.post

    response = method(reverse(f"admin:{name}"))

    assert response.status_code == status
    assert response.streaming == (status == 200 and method == client.post)
    response.getvalue()


def test_downloads_are_not_had_by_a_link(organiser, days):
    for name in ("files-people", "files-needs", "files-numbers-download"):
        assert organiser.get(reverse(f"admin:{name}")).status_code == 405


def test_zoom_gets_address_and_names_of_people_with_a_place(organiser, days):
    make_confirmed(days[0], name="Ada Maria King", email="ada@example.org")
    make_confirmed(days[0], name="山田", email="yamada@example.org")
    make_confirmed(days[1], name="Bob")
    gone = make_confirmed(days[0], name="Eve")
    Registrant.objects.only_row(gone).set_undeliverable("no such mailbox", timezone.now())
    make_pending(days[0], name="Carol")

    response = organiser.post(reverse("admin:files-zoom", args=[days[0].pk]))

    assert rows_in(response) == [
        ["Email", "First Name", "Last Name"],
        ["ada@example.org", "Ada Maria", "King"],
        ["yamada@example.org", "山田", ""],
    ]
    assert LogEntry.objects.get().change_message == "Downloaded 2 people of PxP 2027, Day 1 for Zoom"


def test_needs_are_a_table_for_the_access_team_and_so_is_its_record(client, days):
    make_confirmed(days[0], name="Ada", needs=NEED)
    make_pending(days[0], name="Bob", needs="not confirmed yet")
    client.force_login(make_staff(ACCESS_TEAM))

    response = client.post(reverse("admin:files-needs"), {"kind": "csv"})

    rows = rows_in(response)
    assert [row[:5] for row in rows[1:]] == [["Ada", "ada@example.org", "Day 1", NEED, "New"]]
    entry = LogEntry.objects.get()
    assert (entry.content_type.model, entry.change_message) == (
        "accessrequest",
        "Downloaded 1 access request as a table",
    )


def test_needs_name_the_days_in_their_order(client, conference):
    second, first = make_day(conference, 2), make_day(conference, 1)
    make_confirmed(first, second, name="Ada", needs=NEED)
    client.force_login(make_staff(ACCESS_TEAM))

    response = client.post(reverse("admin:files-needs"), {"kind": "csv"})

    assert rows_in(response)[1][2] == "Day 1; Day 2"


def test_a_longer_table_takes_no_more_memory(days):
    ada = make_confirmed(days[0])
    everybody = []
    for number in range(1, 1200):
        ada.pk, ada.public_id, ada.name_key = None, uuid.uuid4(), f"ada {number}"
        everybody.append(copy(ada))
    Registrant.objects.bulk_create(everybody)
    user, keys = make_staff(), [choice.key for choice in choices()]

    def peak(people):
        tracemalloc.start()
        table_of_people(people, keys=keys, kind="csv", user=user).close()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    people = people_of(days[0].conference)
    # Two portions, whatever the number; all of them at once would take half as much again.
    assert peak(people) < 2_200_000


# --- Numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_count_people_with_a_place_and_who_came(days):
    for number in range(14):
        country, role = ("CA", ["patient"]) if number < 7 else ("FR", ["researcher"]) if number < 13 else ("IN", [])
        ada = make_confirmed(days[0], name=f"Ada {number}", email=f"a{number}@example.org", country=country, roles=role)
        if number % 2:
            Registration.objects.for_person(ada).update(attended_at=days[0].starts_at)
    make_pending(days[1], name="Bob")

    numbers = numbers_of(days[0].conference)

    assert (numbers.total.people, numbers.total.came) == (14, 7)
    assert [(line.words, line.people, line.came) for line in numbers.days] == [("Day 1", 14, 7), ("Day 2", None, None)]
    assert [(line.words, line.people) for line in numbers.countries] == [("Canada", 7), ("Other countries", 7)]
    assert [(line.words, line.people) for line in numbers.roles] == [
        ("Patient or person with lived experience", 7),
        ("Other roles", 7),
    ]


def test_numbers_of_four_people_are_not_told(organiser, days):
    for number in range(4):
        make_confirmed(days[0], name=f"Ada {number}", email=f"a{number}@example.org")

    page = organiser.get(reverse("admin:files-numbers")).text
    response = organiser.post(reverse("admin:files-numbers-download"), {"kind": "csv"})

    assert "Fewer than five people have a place." in page
    assert rows_in(response)[:3] == [["By day"], ["By day", "People with a place", "Came"], []]


COUNTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (max(pair), min(pair))), min_size=1, max_size=6
)


def possible(numbers, hidden, most, total):
    """Return for each hidden place the set of values that it can have, where all numbers sum up to `total`."""
    left = total - sum(number for place, number in enumerate(numbers) if place not in hidden)
    found = {}
    for place in hidden:
        sums = {0}
        for other in hidden - {place}:
            sums = {one + value for one in sums for value in range(most[other] + 1) if one + value <= left}
        found[place] = {left - one for one in sums if 0 <= left - one <= most[place]}
    return found


@settings(max_examples=60)
@given(COUNTS)
def test_nobody_solves_a_table_back(pairs):
    counts = [Count(str(place), people, came) for place, (people, came) in enumerate(pairs)]
    people, came = sum(count.people for count in counts), sum(count.came for count in counts)
    if people < LEAST:
        return
    merged = merge_small(counts, "others")
    assert sum(count.people for count in merged) == people
    assert sum(count.came for count in merged) == came
    assert all(count.people >= LEAST for count in merged)
    if min(came, people - came) < LEAST:
        return

    lines = hide_came(merged)

    hidden = {place for place, line in enumerate(lines) if line.came is None}
    shown = [line for line in lines if line.came is not None]
    assert all(line.came >= LEAST and line.people - line.came >= LEAST for line in shown)
    values = possible([count.came for count in merged], hidden, [count.people for count in merged], came)
    assert all(len(could_be) > LEAST for could_be in values.values())


@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from("abcd"), min_size=3, max_size=3)), max_size=60))
def test_nobody_solves_the_days_back(people):
    """Each person: on which of three days (b: place, c: came, other: nothing)."""
    rows = [[mark if known else "b" for mark in marks] for known, marks in people]
    rows = [row for row in rows if {"b", "c"} & set(row)]
    total, came = len(rows), sum("c" in row for row in rows)
    if min(total, came, total - came) < LEAST:
        return
    counts = [
        Count(str(day), sum(row[day] in "bc" for row in rows), sum(row[day] == "c" for row in rows)) for day in range(3)
    ]

    lines = hide_of_days(counts, total, came)

    for line in lines:
        assert line.people is None or line.people >= LEAST
        assert line.came is None or min(line.came, line.people - line.came) >= LEAST
        assert line.people is not None or line.came is None
    hidden = [place for place, line in enumerate(lines) if line.came is None]
    most = [total if line.people is None else line.people for line in lines]
    for place in hidden:
        others = sum(
            lines[other].came if lines[other].came is not None else most[other] for other in {0, 1, 2} - {place}
        )
        lowest = max(0, came - others)
        assert lowest == 0 or (len(hidden) > 1 and most[place] - lowest >= LEAST)


def test_countries_are_told_in_the_readers_words(days):
    for number in range(10):
        make_confirmed(days[0], name=f"Ada {number}", email=f"a{number}@example.org", country="FR")

    assert [line.words for line in numbers_of(days[0].conference).countries] == [country_name("FR")]


def test_who_came_last_year_is_a_matter_of_the_newest_round(organiser, days):
    ada = make_confirmed(days[0])
    row = the_registration(ada, days[0])

    response = organiser.post(reverse("admin:files-people"), {"columns": ["name", "days"], "kind": "csv"})

    assert rows_in(response)[1] == ["Ada", row.get_status_display(), ""]


def test_row_that_ended_when_two_people_became_one_does_not_hide_their_place(organiser, days):
    ada, twin = make_confirmed(days[0]), make_confirmed(days[0], name="Ada L.")
    merge(ada, twin, user=make_staff(username="mia"), now=NOW)

    response = organiser.post(reverse("admin:files-people"), {"columns": ["name", "days"], "kind": "csv"})

    assert rows_in(response)[1] == ["Ada", Status.CONFIRMED.label, ""]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_many_rows_are_read_without_a_cursor_that_a_pooler_could_lose():
    day = make_day()
    for name in ("Ada", "Ben", "Cem"):
        make_confirmed(day, name=name, email=f"{name.lower()}@example.org")

    rows = Registrant.objects.order_by("pk").iterator(chunk_size=1)
    next(rows)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (0,)
