"""Reminders: one mail at each mark, to people with a place, about days they joined before the mark."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from conference.models import Day
from registration import links
from registration.letters import outbox
from registration.models import OutboxMessage, Registrant, Reminder, ReminderMark
from registration.models.reminders import amount_and_unit
from registration.services import day_changes, days
from registration.services.reminders import remind
from registration.status import MailKind
from tests.factories import FIRST_DAY, NOW, make_confirmed, make_day, make_pending, make_program, the_registration
from tests.letters import letter_of

pytestmark = pytest.mark.django_db
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
EARLY = FIRST_DAY - 5 * WEEK


def reminders(registrant=None):
    rows = OutboxMessage.objects.of_kind(MailKind.REMINDER).order_by("pk")
    rows = rows.for_person(registrant) if registrant else rows
    return [letter_of(row, now=row.created_at)["Subject"].strip() for row in rows]


def three_days():
    return list(Day.objects.for_edition(make_program()).with_conference())


@pytest.mark.parametrize(
    ("before", "subjects"),
    [
        (WEEK + timedelta(seconds=1), []),
        (WEEK, ["PxP Day 1 is in 7 days, Sunday 12 September, 3:00 pm"]),
        (DAY, ["PxP Day 1 is tomorrow, 3:00 pm"]),
        (HOUR, ["PxP Day 1 is in 1 hour, today at 3:00 pm"]),
        (timedelta(0), []),
    ],
)
def test_reminder_goes_at_each_mark_in_the_persons_own_words(before, subjects):
    make_confirmed(make_day(), now=EARLY)

    remind(now=FIRST_DAY - before)

    assert reminders() == subjects


def test_each_mark_writes_once():
    make_confirmed(make_day(), now=EARLY)

    for before in (WEEK, WEEK, DAY, DAY, HOUR, HOUR):
        remind(now=FIRST_DAY - before)

    assert len(reminders()) == 3


def test_three_days_share_one_mail_at_the_first_mark_and_not_later():
    ada = make_confirmed(*three_days(), now=EARLY)

    for number in range(4):
        remind(now=FIRST_DAY - WEEK + number * DAY)
    after_first_mark = reminders(ada)
    for number in range(3):
        remind(now=FIRST_DAY - DAY + number * DAY)

    assert after_first_mark == ["Your 3 days at PxP: the first is in 7 days, Sunday 12 September, 3:00 pm"]
    assert len(reminders(ada)) == 4


def test_mail_about_several_days_begins_with_the_earliest_whatever_its_number():
    first, *others = three_days()
    put_off = others[-1].starts_at + DAY
    day_changes.reschedule(first, starts_at=put_off, ends_at=put_off + HOUR, now=EARLY)
    make_confirmed(first, *others, now=EARLY)

    remind(now=others[0].starts_at - WEEK)

    assert reminders() == ["Your 3 days at PxP: the first is in 7 days, Monday 13 September, 3:00 pm"]


def test_worker_that_was_away_writes_one_mail_about_several_days_whatever_their_numbers():
    first, *others = three_days()
    put_off = others[-1].starts_at + DAY
    day_changes.reschedule(first, starts_at=put_off, ends_at=put_off + HOUR, now=EARLY)
    make_confirmed(first, *others, now=EARLY)

    remind(now=put_off - WEEK)

    assert reminders() == ["Your 3 days at PxP: the first is in 5 days, Monday 13 September, 3:00 pm"]


def test_nobody_is_reminded_of_a_day_they_joined_after_the_mark():
    day = make_day()
    make_confirmed(day, now=FIRST_DAY - timedelta(days=3))

    remind(now=FIRST_DAY - timedelta(days=2))
    early = reminders()
    remind(now=FIRST_DAY - DAY)

    assert (early, len(reminders())) == ([], 1)


def test_only_people_with_a_place_are_reminded():
    day = make_day(capacity=1)
    make_confirmed(day, now=EARLY)
    make_confirmed(day, name="Bob", now=EARLY)
    make_pending(day, name="Eve", now=EARLY)
    dropped = make_confirmed(make_day(day.conference, 2), name="Grace", now=EARLY)
    days.cancel(the_registration(dropped, Day.objects.get(number=2)), now=EARLY)

    remind(now=FIRST_DAY - WEEK)

    assert list(OutboxMessage.objects.of_kind(MailKind.REMINDER).values_list("to_email", flat=True)) == [
        "ada@example.org"
    ]


def test_nobody_is_reminded_of_a_day_that_is_called_off():
    day = make_day()
    make_confirmed(day, now=EARLY)
    day_changes.call_off(day, now=NOW)

    remind(now=FIRST_DAY - HOUR)

    assert reminders() == []


def test_organisers_switch_each_reminder_off_or_set_it():
    day = make_day()
    make_confirmed(day, now=EARLY)
    ReminderMark.objects.all().delete()
    ReminderMark.objects.create(conference=day.conference, minutes_before=2 * 24 * 60)

    remind(now=FIRST_DAY - WEEK)
    none = reminders()
    remind(now=FIRST_DAY - 2 * DAY)
    remind(now=FIRST_DAY - HOUR)

    assert (none, reminders()) == ([], ["PxP Day 1 is in 2 days, Sunday 12 September, 3:00 pm"])


def test_worker_that_was_away_writes_only_what_still_makes_sense():
    make_confirmed(make_day(), now=EARLY)

    remind(now=FIRST_DAY - timedelta(hours=5))

    assert reminders() == ["PxP Day 1 is in 5 hours, today at 3:00 pm"]


def test_reminder_that_could_not_leave_in_time_is_taken_back():
    make_confirmed(make_day(), now=EARLY)
    remind(now=FIRST_DAY - WEEK)

    kept = outbox.drop_expired(now=FIRST_DAY - DAY - HOUR)
    dropped = outbox.drop_expired(now=FIRST_DAY - DAY)

    assert (kept, dropped) == (0, 1)


def test_reminder_names_the_join_page_first_and_how_to_end_reminders():
    day = make_day()
    ada = make_confirmed(day, now=EARLY)

    remind(now=FIRST_DAY - DAY)

    mail = OutboxMessage.objects.of_kind(MailKind.REMINDER).get()
    letter = letter_of(mail, now=FIRST_DAY - DAY)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"] == f"<{links.unsubscribe_url(ada)}>"
    text = letter.get_body(("plain",)).get_content()
    assert text.index("/join/") < text.index("/my/")


def test_one_press_of_a_mail_program_ends_reminders(client):
    ada = make_confirmed(make_day(), now=EARLY)
    url = links.unsubscribe_url(ada).removeprefix("http://testserver")

    seen = client.get(url)
    still_wanted = Registrant.objects.get().reminders
    answer = client.post(url, {"List-Unsubscribe": "One-Click"})
    remind(now=FIRST_DAY - WEEK)

    assert (seen.status_code, still_wanted, answer.status_code) == (200, True, 200)
    assert reminders() == []


@pytest.mark.parametrize(
    ("carer", "is_over", "words"),
    [("", False, "You keep your place."), ("Carl", False, "Ada’s place is kept."), ("", True, None)],
)
def test_page_says_whose_place_is_kept_as_long_as_there_is_one(client, machine_clock, carer, is_over, words):
    day = make_day()
    ada = make_confirmed(day, carer_name=carer, now=EARLY)
    if is_over:
        machine_clock.move_to(day.ends_at)
    url = links.unsubscribe_url(ada).removeprefix("http://testserver")

    for page in (client.get(url).text, client.get(f"{url}news/").text):
        assert ("We still write to you" in page) is not is_over
        assert words is None or words in page


def test_reminders_can_be_switched_on_again(client):
    ada = make_confirmed(make_day(), now=EARLY)
    url = links.unsubscribe_url(ada).removeprefix("http://testserver")
    client.post(url)

    client.post(url, {"again": "1"})

    assert Registrant.objects.get().reminders


def mark(day, **before):
    return ReminderMark.objects.create(
        conference=day.conference, minutes_before=timedelta(**before) // timedelta(minutes=1)
    )


def test_organisers_add_a_fourth_reminder_without_a_developer():
    day = make_day()
    make_confirmed(day, now=EARLY)
    mark(day, hours=2)

    for before in (WEEK, DAY, 2 * HOUR, HOUR):
        remind(now=FIRST_DAY - before)

    assert reminders()[2:] == [
        "PxP Day 1 is in 2 hours, today at 3:00 pm",
        "PxP Day 1 is in 1 hour, today at 3:00 pm",
    ]


def test_edition_without_marks_reminds_nobody():
    make_confirmed(make_day(), now=EARLY)
    ReminderMark.objects.all().delete()

    assert remind(now=FIRST_DAY - HOUR) == 0


def test_mark_that_is_put_a_day_earlier_does_not_write_again():
    day = make_day()
    make_confirmed(day, now=EARLY)
    remind(now=FIRST_DAY - WEEK)
    ReminderMark.objects.filter(minutes_before=7 * 24 * 60).update(minutes_before=8 * 24 * 60)

    remind(now=FIRST_DAY - WEEK + HOUR)

    assert len(reminders()) == 1


def test_day_that_moves_has_its_reminders_again():
    day = make_day()
    make_confirmed(day, now=EARLY)
    remind(now=FIRST_DAY - WEEK)
    day_changes.reschedule(day, starts_at=day.starts_at + WEEK, ends_at=day.ends_at + WEEK, now=FIRST_DAY - WEEK)
    day_changes.tell_news(now=FIRST_DAY - WEEK)

    remind(now=FIRST_DAY)

    assert len(reminders()) == 2


@pytest.mark.parametrize("minutes", [0, 4, 60 * 24 * 60 + 1])
def test_mark_is_from_five_minutes_to_sixty_days(minutes):
    conference = make_day().conference

    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderMark.objects.create(conference=conference, minutes_before=minutes)


def test_edition_has_no_two_marks_at_the_same_time():
    day = make_day()

    with pytest.raises(IntegrityError), transaction.atomic():
        mark(day, days=1)


def test_nobody_has_one_reminder_twice():
    day = make_day()
    ada = the_registration(make_confirmed(day, now=EARLY), day)
    row = {"registration": ada, "minutes_before": 60, "starts_at": day.starts_at, "at": NOW}
    Reminder.objects.create(**row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**row)


# --- The edition's page for organisers -------------------------------------------------------------------------------


@pytest.fixture
def edition_page(admin_client):
    """Save an edition's page with other reminders: [(key or "", amount, unit)]; returns the answer."""
    conference = make_day().conference

    def save(*rows):
        url = f"/organisers/conference/conference/{conference.pk}/change/"
        form = admin_client.get(url).context["adminform"].form
        typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        typed |= {f"{name}_{part}": "" for name in ("sign_up_opens_at", "sign_up_closes_at") for part in (0, 1)}
        kept = [str(each.pk) for each in ReminderMark.objects.for_edition(conference)]
        typed |= {"reminder_marks-TOTAL_FORMS": len(rows), "reminder_marks-INITIAL_FORMS": len(kept)}
        for number, (key, amount, unit) in enumerate(rows):
            typed |= {
                f"reminder_marks-{number}-id": key,
                f"reminder_marks-{number}-conference": conference.pk,
                f"reminder_marks-{number}-amount": amount,
                f"reminder_marks-{number}-unit": unit,
            }
        return admin_client.post(url, typed)

    return save


def kept_marks():
    return [
        (mark.pk, *amount_and_unit(mark.minutes_before)) for mark in ReminderMark.objects.order_by("-minutes_before")
    ]


def test_organisers_type_a_number_and_a_unit(edition_page):
    answer = edition_page(*kept_marks(), ("", 2, "hours"))

    assert (answer.status_code, [str(each) for each in ReminderMark.objects.order_by("-minutes_before")]) == (
        302,
        ["7 days before", "1 day before", "2 hours before", "1 hour before"],
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", 24, "hours"), "Two reminders have the same time. Remove one of them."),
        (("", 61, "days"), "Choose a time from 5 minutes to 60 days before the day."),
        (("", 4, "minutes"), "Choose a time from 5 minutes to 60 days before the day."),
    ],
)
def test_reminder_that_cannot_be_gets_a_sentence_and_what_was_typed_is_kept(edition_page, row, words):
    answer = edition_page(*kept_marks(), row)

    page = answer.content.decode()
    assert (answer.status_code, ReminderMark.objects.count()) == (200, 3)
    assert words in page
    assert f'value="{row[1]}"' in page


def test_new_edition_begins_with_the_usual_reminders(admin_client):
    form = admin_client.get("/organisers/conference/conference/add/").context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    typed |= {"name": "PxP 2028", "short_name": "PxP", "slug": "2028"}
    typed |= {f"{name}_{part}": "" for name in ("sign_up_opens_at", "sign_up_closes_at") for part in (0, 1)}

    answer = admin_client.post("/organisers/conference/conference/add/", typed)

    assert (answer.status_code, [each[1:] for each in kept_marks()]) == (302, [(7, "days"), (1, "days"), (1, "hours")])
