"""Bringing people in from a file: looked at, brought in, written to when asked, and back for a day."""

import itertools
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.models import Day
from conference.tables import CannotRead
from registration import people_file
from registration.abuse import budget, caps
from registration.groups import ACCESS_TEAM
from registration.models import (
    AccessRequest,
    Erasure,
    FilePerson,
    FilePortion,
    OutboxMessage,
    Pace,
    PeopleFile,
    PlannedAct,
    Registrant,
    Registration,
)
from registration.people_file import common
from registration.services import days as days_service
from registration.services import retention
from registration.services.files.columns import choices
from registration.services.files.people import people_of, table_of_people
from registration.services.merges import merge, take_apart
from registration.services.needs import set_need_state
from registration.services.people_import import TooLate, count_removals, estimate_removals, undo
from registration.services.person import change_details
from registration.status import (
    PEOPLE_FILE_TRANSITIONS,
    ImpossibleTransition,
    Letter,
    MailState,
    NeedState,
    PeopleFileState,
    Status,
)
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, the_registration
from tests.support.people_tables import EVENTBRITE, GOOGLE_FORM, ZOOM, workbook_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(days=2, sessions=1)).with_conference())


@pytest.fixture
def user():
    return make_staff()


@pytest.fixture
def organiser(client, user):
    client.force_login(user)
    return client


def table(*names, head="Name,Email", more=""):
    lines = [head, *(f"{name},{name.split()[0].lower()}@example.org{more}" for name in names)]
    return "\n".join(lines).encode()


def begin(upcoming, data, user, **made):
    """Upload a file, and choose; by default the first day. Return it as it is then."""
    data = data if isinstance(data, bytes) else data.encode()
    file = people_file.begin(upcoming[0].conference, data, name="people.csv", user=user, now=NOW)
    chosen = file.choices | {"days": (upcoming[0].pk,)} | made
    return people_file.choose(file, people_file.Choices.from_plain(chosen), now=NOW)


def bring(file, user, *, writes=False, is_whole=False):
    agreed = people_file.fingerprint_of(file)
    return people_file.import_people(file, user=user, agreed=agreed, writes=writes, is_whole=is_whole, now=NOW)


def work(now=NOW):
    while people_file.carry_on(now=now):
        pass


def standing():
    """Who is on which day, and how."""
    rows = Registration.objects.order_by("registrant__name", "day__number").live()
    return list(rows.values_list("registrant__name", "day__number", "status"))


# --- Reports of others -----------------------------------------------------------------------------------------------


def test_a_zoom_report_brings_its_good_rows_and_names_the_bad(days, user):
    file = begin(days, ZOOM, user)

    assert file.counts["new"] == 2
    assert (file.counts["bad"], file.counts["left_out"]) == (3, 2)
    assert [(row, column) for row, column, _why in file.faults] == [(11, 2), (12, 0), (13, 2)]
    bring(file, user)
    assert standing() == [("Ada Lovelace", 1, "confirmed"), ("Zoë O'Brien", 1, "confirmed")]
    zoe = Registrant.objects.get(name="Zoë O'Brien")
    assert (zoe.country, zoe.is_verified, zoe.is_added_by_organiser) == ("IE", True, True)


def test_eventbrite_and_google_forms_name_their_days(days, user):
    bring(begin(days, EVENTBRITE, user), user)
    bring(begin(days, GOOGLE_FORM, user, days=()), user)

    assert standing() == [
        ("Ada Lovelace", 1, "confirmed"),
        ("Ada Lovelace", 2, "confirmed"),
        ("Bob Okafor", 2, "confirmed"),
        ("Chloé Martin", 1, "confirmed"),
        ("Chloé Martin", 2, "confirmed"),
        ("Luis Peña", 2, "confirmed"),
    ]
    assert set(Registrant.objects.values_list("name", "country")) >= {("Luis Peña", "ES"), ("Bob Okafor", "KE")}


def test_a_workbook_comes_in_without_its_merged_rows(days, user):
    rows = [["Full name", "E-mail"], ["Bob", "bob@example.org"], ["", "a@example.org"], ["", "b@example.org"]]

    file = begin(days, workbook_of(*rows, merged="A3:A4"), user)

    assert (file.counts["new"], file.counts["bad"]) == (1, 2)
    assert "merged" in file.faults[0][2]


def test_a_workbook_with_hidden_people_is_refused(days, user):
    rows = [["Full name", "E-mail"], ["Bob", "bob@example.org"], ["Ada", "ada@example.org"], [""]]

    with pytest.raises(CannotRead, match="Row 3 is hidden"):
        begin(days, workbook_of(*rows, hidden=[3]), user)

    assert begin(days, workbook_of(*rows, hidden=[4, 9]), user).counts["new"] == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_own_table_comes_back_as_it_was(days, user, kind):
    make_confirmed(*days, name="=Ada", language="fr", carer_name="Grace", roles=["patient", "other"], role_words="-x")
    make_confirmed(days[1], name="Bob", country="KE", time_zone="Africa/Nairobi")
    keys = [one.key for one in choices() if not one.key.endswith("_at") and one.key not in ("came", "answers")]

    def taken_out():
        with table_of_people(people_of(days[0].conference).order_by("name"), keys=keys, kind="csv", user=user) as out:
            return out.read().decode("utf-8-sig").replace('"yes"', '""')

    before = taken_out()
    with table_of_people(people_of(days[0].conference), keys=keys, kind=kind, user=user) as out:
        data = out.read()
    Registrant.objects.all().delete()

    bring(begin(days, data, user, days=()), user)

    assert taken_out() == before


# --- What comes of a row ---------------------------------------------------------------------------------------------


def test_who_is_here_gets_new_days_and_keeps_the_rest(days, user):
    make_confirmed(days[0], name="Ada", country="CA")
    make_confirmed(days[1], name="Bob")
    make_pending(days[0], name="Cleo")
    gone = make_confirmed(days[0], name="Dora")
    days_service.cancel(the_registration(gone, days[0]), now=NOW)

    file = begin(days, table("ADA", "Bob", "Cleo", "Dora", "Eve", "Bob", more=",FR", head="Name,Email,Country"), user)
    bring(file, user)

    assert {name: file.counts.get(name) for name in ("new", "known", "same", "again")} == {
        "new": 1,
        "known": 2,
        "same": 2,
        "again": 1,
    }
    assert standing() == [
        ("Ada", 1, "confirmed"),
        ("Bob", 1, "confirmed"),
        ("Bob", 2, "confirmed"),
        ("Cleo", 1, "confirmed"),
        ("Eve", 1, "confirmed"),
    ]
    assert Registrant.objects.get(name="Ada").country == "CA"
    assert Registrant.objects.get(name="Cleo").is_verified


def test_a_full_day_has_a_waiting_list_and_the_page_says_so(days, user):
    Day.objects.filter(pk=days[0].pk).update(capacity=2)
    make_confirmed(days[0])

    file = begin(days, table("Bob", "Cleo", "Dora"), user)
    numbers = file.counts["days"][str(days[0].pk)]
    bring(file, user)

    assert numbers == {"free": 1, "added": 3, "waiting": 2}
    assert standing()[1:] == [("Bob", 1, "confirmed"), ("Cleo", 1, "waitlisted"), ("Dora", 1, "waitlisted")]


def test_people_to_confirm_hold_no_place_and_are_asked_within_the_budget(days, user):
    file = bring(begin(days, table("Ada", "Bob"), user, is_verified=False), user, writes=True)

    assert {status for _name, _day, status in standing()} == {Status.PENDING}
    work(NOW)
    assert not OutboxMessage.objects.exists()
    work(LATER)
    mails = OutboxMessage.objects.values_list("letter", "is_bulk", "registrant__name")
    assert sorted(mails) == [("please_confirm", True, "Ada"), ("please_confirm", True, "Bob")]
    file.refresh_from_db()
    assert file.mails_at is None


def test_questions_to_confirm_leave_half_of_the_pace_to_people_who_sign_up(days, user):
    bring(begin(days, table("Ada", "Bob"), user, is_verified=False), user, writes=True)
    pace = caps.MAILS_OF_THE_SITE
    half = pace.burst * pace.seconds / 2
    Pace.objects.take_turns([(pace.name, budget._hidden(pace.name, ""), half + 60)], LATER)

    work(LATER)
    assert not OutboxMessage.objects.exists()
    work(LATER + timedelta(minutes=2))
    assert OutboxMessage.objects.count() == 2


def test_nothing_comes_in_where_all_or_nothing_was_chosen_and_a_row_is_bad(days, user):
    file = begin(days, table("Ada", "-"), user)

    with pytest.raises(people_file.HasBadRows):
        bring(file, user, is_whole=True)

    assert not Registrant.objects.exists()


def test_what_is_no_longer_as_it_was_shown_is_not_brought_in(days, user):
    file = begin(days, table("Ada"), user)
    make_confirmed(days[0])

    with pytest.raises(people_file.ChangedMeanwhile):
        bring(file, user)

    assert not FilePerson.objects.exists()


# --- Mails -----------------------------------------------------------------------------------------------------------


def test_it_writes_to_nobody_unless_asked(days, user):
    bring(begin(days, table("Ada", "Bob"), user), user)
    work(LATER)

    assert not OutboxMessage.objects.exists()


def test_the_mails_are_as_many_as_the_page_said_and_wait_ten_minutes(days, user):
    both = tuple(day.pk for day in days)
    file = bring(begin(days, table("Ada", "Bob"), user, days=both), user, writes=True)

    work(file.mails_at - timedelta(seconds=1))
    assert not OutboxMessage.objects.exists()
    work(file.mails_at)

    assert OutboxMessage.objects.count() == file.counts["mails"] == 6
    assert set(OutboxMessage.objects.values_list("is_bulk", flat=True)) == {True}


# --- Taken back ------------------------------------------------------------------------------------------------------


def take_back(file, user, now=LATER):
    return people_file.take_back(file, user=user, now=now)


def test_all_that_a_file_brought_goes_again_and_nobody_hears_of_it(days, user):
    make_confirmed(days[1], name="Ada")
    cleo = make_pending(days[0], name="Cleo", needs="Captions")
    OutboxMessage.objects.all().delete()
    file = bring(begin(days, table("Ada", "Bob", "Cleo"), user), user, writes=True)

    assert count_removals(file) == {"go": 3, "told": 0, "stay": 0}
    file = take_back(file, user, NOW + timedelta(minutes=9))
    work(LATER)

    assert file.is_taken_back
    assert standing() == [("Ada", 2, "confirmed"), ("Cleo", 1, "pending")]
    cleo.refresh_from_db()
    assert not cleo.is_verified
    assert AccessRequest.objects.get().state == NeedState.UNCONFIRMED
    assert not OutboxMessage.objects.exists()
    assert Erasure.objects.count() == 1
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Brought in a file: 1 new person, 2 here already, 0 bad rows, 0 left out",
        "Took back a file: 3 people",
    ]


def test_who_the_access_team_worked_for_since_stays(days, user, client):
    cleo = make_pending(days[0], name="Cleo", needs="Captions")
    dora = make_confirmed(days[0], name="Dora", needs="A quiet room")
    known = AccessRequest.objects.for_person(dora).get()
    set_need_state(known, NeedState.ARRANGED, now=NOW)
    file = bring(begin(days, table("Cleo", "Dora"), user, days=(days[1].pk,)), user)
    need = AccessRequest.objects.for_person(cleo).get()
    set_need_state(need, NeedState.IN_HAND, now=NOW)

    file = take_back(file, user)

    assert file.counts == {"go": 1, "told": 0, "stay": 1}
    cleo.refresh_from_db()
    assert cleo.is_verified
    client.force_login(make_staff(ACCESS_TEAM, username="grace"))
    page = reverse("admin:registration_accessrequest_change", args=[need.pk])
    assert client.post(page, {"state": "arranged", "answer": "There will be captions."}).status_code == 302


@pytest.mark.parametrize("keeps_first", [True, False])
def test_two_of_one_person_merged_before_a_file_tells_hear_of_its_days(keeps_first, days, user):
    ada = make_confirmed(days[0], name="Ada")
    OutboxMessage.objects.all().delete()
    data = b"Name,Email\nAda Lovelace,ada@example.org\nBob,bob@example.org\n"
    bring(begin(days, data, user, days=(days[1].pk,)), user, writes=True)
    second = Registrant.objects.get(name="Ada Lovelace")
    kept, left = (ada, second) if keeps_first else (second, ada)

    merge(kept, left, user=user, now=NOW + timedelta(minutes=3))
    work(LATER)

    assert standing() == [(kept.name, 1, "confirmed"), (kept.name, 2, "confirmed"), ("Bob", 2, "confirmed")]
    mails = list(OutboxMessage.objects.for_person(kept))
    assert [(mail.letter, mail.registration.day.number) for mail in mails] == [(Letter.CONFIRMATION, 2)]


def test_file_takes_only_its_own_day_back_from_a_person_who_was_merged(days, user):
    ada = make_confirmed(days[0], name="Ada")
    data = b"Name,Email\nAda Lovelace,ada@example.org\nBob,bob@example.org\n"
    file = bring(begin(days, data, user, days=(days[1].pk,)), user)
    merge(ada, Registrant.objects.get(name="Ada Lovelace"), user=user, now=NOW)

    file = take_back(file, user)

    assert file.counts == {"go": 2, "told": 0, "stay": 0}
    assert standing() == [("Ada", 1, "confirmed")]


@pytest.mark.parametrize("named_twice", [False, True])
def test_file_knows_both_again_once_they_are_taken_apart(named_twice, days, user):
    if not named_twice:
        make_confirmed(days[0], name="Ada")
    OutboxMessage.objects.all().delete()
    data = b"Name,Email\nAda,ada@example.org\nAda Lovelace,ada@example.org\n"
    data = data if named_twice else data.replace(b"Ada,ada@example.org\n", b"Bob,bob@example.org\n")
    file = bring(begin(days, data, user, days=(days[1].pk,)), user, writes=True)
    before = list(FilePerson.objects.order_by("registrant__name").values("registrant", "is_new", "made", "told_at"))
    kept, left = Registrant.objects.filter(name__startswith="Ada").order_by("name")
    row, _heard = merge(kept, left, user=user, now=NOW + timedelta(minutes=1))

    take_apart(row, user=user, now=NOW + timedelta(minutes=2))

    after = FilePerson.objects.order_by("registrant__name").values("registrant", "is_new", "made", "told_at")
    assert list(after) == before
    work(LATER)
    assert OutboxMessage.objects.for_person(left).filter(letter=Letter.CONFIRMATION).queued().count() == 1
    assert not FilePerson.objects.for_file(file).untold().exists()


@pytest.mark.parametrize(
    "data",
    [
        'Name,Email,Comments\nAda,ada@example.org,"hello\nBob,bob@example.org,fine\nCleo,cleo@example.org,ok\n',
        'Name,Email,Comments\nAda,ada@example.org,"hello\nBob,bob@example.org,fine\nCleo,cleo@example.org,"ok"\n',
        'Name;Email;Comments\nAda;ada@example.org;"hello\nBob;bob@example.org;fine\n',
    ],
)
def test_rows_that_a_missing_quotation_mark_swallows_are_not_lost_in_silence(data, days, user):
    file = begin(days, data, user)

    words = "A cell is far too long, or a quotation mark is missing. Save the table once more."
    assert file.faults == [[2, 2, words]]


def test_comment_of_several_lines_is_no_row(days, user):
    data = 'Name,Email,Comments\nAda,ada@example.org,"Hello,\nplease write to me, and to bob@example.org.\nThanks"\n'

    file = begin(days, data, user)

    assert (file.faults, file.counts["new"]) == ([], 1)


def test_who_did_something_since_stays(days, user):
    file = bring(begin(days, table("Ada", "Bob", "Cleo", "Dora"), user), user)
    people = {person.name: person for person in Registrant.objects.all()}
    change_details(people["Ada"], details={"name": "Ada L"})
    days_service.add_day(people["Bob"], days[1], now=NOW)
    days_service.cancel(the_registration(people["Cleo"], days[0]), now=NOW)

    file = take_back(file, user)

    assert file.counts == {"go": 1, "told": 0, "stay": 3}
    assert sorted(Registrant.objects.values_list("name", flat=True)) == ["Ada L", "Bob", "Cleo"]


def test_who_has_had_a_mail_is_told_that_it_is_cancelled(days, user):
    file = bring(begin(days, table("Ada", "Bob"), user), user, writes=True)
    work(LATER)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=LATER)

    assert count_removals(file) == {"go": 0, "told": 2, "stay": 0}
    take_back(file, user)

    planned = PlannedAct.objects.get()
    assert (planned.act, len(planned.keys), planned.due_at) == ("cancel", 2, LATER + timedelta(minutes=10))


@pytest.mark.parametrize("hears", ["moved up", "sent again"])
def test_who_heard_in_another_mail_is_told_that_it_is_cancelled(days, user, hears):
    Day.objects.filter(pk=days[0].pk).update(capacity=1 if hears == "moved up" else 2)
    grace = make_confirmed(days[0], name="Grace")
    file = bring(begin(days, table("Ada"), user), user)
    ada = Registrant.objects.get(name="Ada")

    if hears == "moved up":
        days_service.cancel(the_registration(grace, days[0]), now=NOW + timedelta(minutes=1))
    else:
        days_service.send_again(ada, now=NOW + timedelta(minutes=1))
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=LATER)

    assert count_removals(file) == {"go": 0, "told": 1, "stay": 0}
    assert estimate_removals(file) == {"go": 0, "told": 1}
    take_back(file, user)
    assert OutboxMessage.objects.for_person(ada).newest_first().first().letter == Letter.CANCEL


def test_a_place_that_comes_free_goes_to_who_waits(days, user):
    Day.objects.filter(pk=days[0].pk).update(capacity=1)
    file = bring(begin(days, table("Ada"), user), user)
    make_confirmed(days[0], name="Bob")

    take_back(file, user)

    assert standing() == [("Bob", 1, "confirmed")]


def test_it_is_too_late_after_a_day_and_the_second_time(days, user):
    file = bring(begin(days, table("Ada"), user), user)

    with pytest.raises(TooLate):
        take_back(file, user, NOW + timedelta(days=1, seconds=1))
    take_back(file, user)
    with pytest.raises(TooLate):
        take_back(file, user)


# --- Large files, and none kept --------------------------------------------------------------------------------------


@pytest.fixture
def small_portions(monkeypatch):
    """Three rows are a large file: two rows a portion, and the worker does more than one."""
    for module in (common, people_file.uploads):
        monkeypatch.setattr(module, "PORTION", 2)
    monkeypatch.setattr(common, "AT_ONCE", 1)


def test_the_worker_does_a_large_file(days, user, small_portions):
    file = begin(days, table("Ada", "Bob", "Cleo", "Ada", "-"), user)
    assert (file.is_previewing, file.counts) == (True, {})
    work()
    file.refresh_from_db()
    assert file.is_ready
    assert {name: file.counts[name] for name in ("new", "again", "bad")} == {"new": 3, "again": 1, "bad": 1}
    file = bring(file, user)
    assert file.is_importing
    work()
    file.refresh_from_db()
    assert (file.is_done, len(standing()), FilePortion.objects.count()) == (True, 3, 0)
    file = take_back(file, user)
    assert file.is_undoing
    work()
    assert not Registrant.objects.exists()


def test_rows_of_a_large_file_are_on_pages_that_lead_to_each_other(organiser, days, user, small_portions):
    file = begin(days, table("Ada", "Bob", "Cleo", "Dora"), user)
    work()
    address = reverse("admin:peoplefile-look", args=[file.pk])

    first, second, last = (organiser.get(address, {"p": number}).text for number in ("", "2", "3"))

    assert [text.count("@example.org</bdi>") for text in (first, second, last)] == [1, 2, 1]
    assert [f"Page {number} of 3" in text for number, text in enumerate((first, second, last), 1)] == [True] * 3
    assert ('href="?p=1#rows"' in second, 'href="?p=3#rows"' in second) == (True, True)
    assert ('href="?p=1' in first, 'href="?p=4' in last) == (False, False)


def test_taking_a_large_file_back_names_the_most_people_and_shows_how_far_it_is(
    organiser, days, user, small_portions, monkeypatch, django_assert_num_queries
):
    file = begin(days, table("Ada", "Bob", "Cleo", "Dora"), user)
    work()
    file.refresh_from_db()
    bring(file, user, writes=True)
    work()
    work(LATER)
    OutboxMessage.objects.filter(registrant__name__in=("Ada", "Bob")).update(state=MailState.SENT, finished_at=LATER)
    change_details(Registrant.objects.get(name="Bob"), details={"name": "Robert"})

    with django_assert_num_queries(2):
        most = estimate_removals(file)
    page = organiser.get(reverse("admin:peoplefile-undo", args=[file.pk])).text
    monkeypatch.setattr(undo, "PORTION", 1)
    moving = post(organiser, "undo", file)
    people_file.carry_on(now=LATER)
    then = organiser.get(reverse("admin:peoplefile-look", args=[file.pk])).text

    assert (most, count_removals(file)) == ({"go": 2, "told": 2}, {"go": 2, "told": 0, "stay": 1})
    assert "Up to 2 people are removed" in page
    assert "Up to 2 people have had a mail" in page
    assert "Yes, take back up to 4 people" in page
    assert "0 of 4 people" in moving.text
    assert "1 of 4 people" in then


def test_a_large_file_comes_in_as_a_whole_or_goes_again(days, user, small_portions):
    file = begin(days, table("Ada", "Bob", "Cleo", "Dora", "Eve"), user)
    work()
    file.refresh_from_db()
    bring(file, user, is_whole=True)
    people_file.carry_on(now=NOW)
    assert Registrant.objects.count()
    FilePortion.objects.filter(number=file.portions.last().number).update(rows=[["-", "x"]])  # as if it were bad now

    work()

    file.refresh_from_db()
    assert file.is_taken_back
    assert not Registrant.objects.exists()


def test_a_file_that_fails_keeps_no_other_waiting(days, user, small_portions):
    broken = begin(days, table("Ada", "Bob", "Cleo"), user)
    file = begin(days, table("Ada", "Bob", "Cleo"), user)
    PeopleFile.objects.only_row(broken).update(choices={"columns": {"x": "name"}})  # as no version of ours writes it

    for _turn in range(4):
        with pytest.raises(ExceptionGroup):
            people_file.carry_on(now=NOW)

    file.refresh_from_db()
    assert file.is_ready


def test_a_large_file_is_looked_at_once_enough_is_chosen(days, user, small_portions):
    file = begin(days, table("Ada", "Bob", "Cleo"), user, days=())

    assert (file.is_ready, file.counts) == (True, {})


def test_files_go_after_a_day(days, user):
    begin(days, table("Ada"), user)
    bring(begin(days, table("Bob"), user), user)

    retention.apply_rule("files", now=NOW + timedelta(hours=23))
    assert PeopleFile.objects.count() == 2
    retention.apply_rule("files", now=NOW + timedelta(hours=25))
    assert not PeopleFile.objects.exists()
    assert standing() == [("Bob", 1, "confirmed")]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b"PK\x03\x04", "not a workbook"), (b"Name,Email\n" + b"Ada,a@example.org\n" * 50_000, "50,000")],
)
def test_a_hostile_file_gets_a_sentence_and_changes_nothing(days, user, data, words):
    with pytest.raises(CannotRead, match=words):
        people_file.begin(days[0].conference, data, name="x", user=user, now=NOW)

    assert not PeopleFile.objects.exists()


# --- Pages -----------------------------------------------------------------------------------------------------------


def post(client, name, file=None, **data):
    return client.post(reverse(f"admin:peoplefile-{name}", args=[file.pk] if file else []), data, follow=True)


def test_an_organiser_goes_through_the_pages(organiser, days):
    start = reverse("admin:peoplefile-start")
    page = organiser.post(start, {"file": SimpleUploadedFile("zoom.csv", ZOOM.encode())}, follow=True)
    file = PeopleFile.objects.get()
    assert "Choose what is still missing:" in page.text
    columns = {f"c{number}": use for number, use in people_file.Choices.from_plain(file.choices).columns.items()}

    page = post(organiser, "look", file, head=8, vouched="yes", days=[days[0].pk], **columns)

    assert "Row 11, column C (Email):" in page.text
    assert "Bring in 2 people, send no mail" in page.text
    assert "Bring them in and send 2 mails" in page.text
    agreed = page.context["agreed"]
    assert post(organiser, "bring", file, agreed=agreed, whole="yes", mails="no").status_code == 422
    page = post(organiser, "bring", file, agreed=agreed, whole="no", mails="no")
    assert "2 new people" in page.text
    second_press = post(organiser, "bring", file, agreed=agreed, whole="no", mails="no")
    assert "2 new people" in second_press.text
    assert "Nothing was brought in" not in second_press.text
    assert "Yes, take back 2 people" in organiser.get(reverse("admin:peoplefile-undo", args=[file.pk])).text
    for _press in range(2):
        taken_back = post(organiser, "undo", file).text
        assert "2 people are as before the file." in taken_back
        assert "too late" not in taken_back
    assert not Registrant.objects.exists()


def test_columns_chosen_together_with_the_row_of_the_headings_stay(organiser, days, user):
    rows = ["Anmeldungen;;;", "Vorname;Nachname;E-Mail;Tage", "Ada;Lovelace;ada@example.org;Day 1"]
    file = begin(days, "\n".join(rows), user)

    page = post(organiser, "look", file, head=2, vouched="yes", days=[days[0].pk], c0="first", c1="last", c2="email")

    file.refresh_from_db()
    assert file.choices["columns"] == {"0": "first", "1": "last", "2": "email", "3": "days"}
    assert "Bring in 1 person, send no mail" in page.text


def test_what_of_a_good_row_stays_out_is_said_before_it_comes_in(organiser, days, user):
    rows = ["Name,Email,Country,Days", "Ada,ada@example.org,Atlantis,Day 1", "Bob,bob@example.org,Ireland,1;9"]
    file = begin(days, "\n".join([*rows, "Ada,ada@example.org,Atlantis,Day 1"]), user)

    page = organiser.get(reverse("admin:peoplefile-look", args=[file.pk]))

    assert file.notes == [
        [2, 2, "The site does not know the country “Atlantis”. The country stays empty."],
        [3, 3, "Day 9 is not an upcoming day. The row counts for the others."],
    ]
    assert "2 cells of good rows are left out" in page.text
    assert page.text.count("Row 2, column C (Country):") == 2  # above, and row by row
    bring(file, user)
    assert standing() == [("Ada", 1, "confirmed"), ("Bob", 1, "confirmed")]
    assert begin(days, "\n".join(rows[:2]), user).notes == []  # she is here: her details stay as they are


def test_two_columns_for_one_thing_and_no_file_are_said(organiser, days, user):
    assert organiser.post(reverse("admin:peoplefile-start")).status_code == 422
    file = begin(days, table("Ada"), user)

    page = post(organiser, "look", file, head=1, vouched="yes", days=[days[0].pk], c0="email", c1="email")

    assert page.status_code == 422
    assert "Two columns are chosen for: Email address." in page.text


def test_files_and_the_list_of_people_lead_here(organiser, days):
    for name in ("files", "registration_registrant_changelist"):
        assert reverse("admin:peoplefile-start") in organiser.get(reverse(f"admin:{name}")).text


@pytest.mark.parametrize(("start", "end"), list(itertools.product(PeopleFileState, PeopleFileState)))
def test_file_changes_state_only_as_the_table_says(start, end):
    file = PeopleFile(state=start)

    if end in PEOPLE_FILE_TRANSITIONS[start]:
        file.change_state(end)
        assert file.state == end
    else:
        with pytest.raises(ImpossibleTransition):
            file.change_state(end)
