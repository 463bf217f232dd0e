"""Letters, written when their turn comes: every one can be, and none is sent that is no longer true."""

import json
from datetime import timedelta
from email import message_from_bytes, policy

import icalendar
import pytest
from django.core import checks, serializers
from django.db import IntegrityError, connection
from django.utils import timezone

from registration import links
from registration.jobs import JOBS
from registration.letters import outbox
from registration.letters.checks import check_letters, check_translated_letters
from registration.letters.samples import NOW as SAMPLE_NOW
from registration.letters.samples import samples
from registration.letters.writing import compose, write_letter
from registration.mail import leases
from registration.mail.delivery import to_bytes
from registration.mail.errors import NoLongerTrue, NotYet
from registration.mail.worker import Worker
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from registration.services import address, day_changes, days, my_needs, needs, reminders
from registration.services.erase import erase
from registration.status import Letter, MailFault, MailState, NeedState
from tests.factories import NOW, make_conference, make_confirmed, make_day, make_pending, the_registration
from tests.letters import letter_of, text_of, words_in, words_of
from tests.support.smtp import ScriptedServer

HOUR = timedelta(hours=1)
SAMPLES = [name for name, _loaded in samples()]


def sample(name):
    return dict(samples())[name]


def waiting(*letters):
    """The rows of these letters that wait, in order."""
    return list(OutboxMessage.objects.queued().filter(letter__in=letters).order_by("pk"))


def count_as_sent():
    OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)


@pytest.fixture
def serve(settings):
    """A function that makes the site send to a ScriptedServer; the test starts it with `with`."""

    def use(server):
        settings.MAILERS = {"default": {"OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 1}}}
        return server

    return use


@pytest.fixture
def break_letter(settings, tmp_path):
    """A function that gives a letter a template with a fault; the one it returns mends it."""

    def broken(name):
        file = tmp_path / f"emails/{name}.html"
        file.parent.mkdir(exist_ok=True)
        file.write_text("{% extends 'emails/mail.html' %}{% no_such_tag %}")
        usual = settings.TEMPLATES
        settings.TEMPLATES = [usual[0] | {"DIRS": [tmp_path, *usual[0]["DIRS"]]}]

        def mend():
            settings.TEMPLATES = usual

        return mend

    return broken


# --- Every letter can be written -------------------------------------------------------------------------------------


def test_there_is_a_sample_of_every_letter():
    assert {loaded.row.letter for _name, loaded in samples()} == set(Letter) - {Letter.TEST}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_letter_in_every_state_is_whole(name):
    message = message_from_bytes(to_bytes(compose(sample(name), now=SAMPLE_NOW)), policy=policy.default)

    html, text = (message.get_body([part]).get_content() for part in ("html", "plain"))
    assert message["Subject"].strip()
    assert message.defects == []
    assert html.count("<h1") == 1
    assert "{{" not in html
    assert len(words_in(text)) > 30
    assert words_of(html) == words_in(text)
    entries = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(entries) == (sample(name).row.sequence is not None)


@pytest.mark.sqlite_only
def test_start_stops_with_a_letter_that_cannot_be_written(break_letter, settings):
    assert check_letters(None) == check_translated_letters(None) == []
    assert check_letters in checks.registry.registry.get_checks()
    assert check_translated_letters in checks.registry.registry.get_checks(include_deployment_checks=True)

    break_letter("place")

    errors = check_letters(None)
    assert {error.id for error in errors} == {"registration.E002"}
    assert [error.msg.partition(" cannot")[0] for error in errors] == [
        "The letter 'place with entry'", "The letter 'place in words'",
    ]  # fmt: skip
    assert len(check_translated_letters(None)) == 2 * (len(settings.LANGUAGES) - 1)


# --- A broken letter -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_broken_letter_waits_and_goes_out_once_it_is_mended(serve, break_letter, caplog):
    day = make_day()
    ada = make_confirmed(day, now=timezone.now())
    make_pending(day, name="Bob", now=timezone.now())
    mend = break_letter("confirmation")

    with serve(ScriptedServer()) as server:
        Worker(write=write_letter, jobs=JOBS).run(once=True)
        (row,) = waiting(Letter.CONFIRMATION)
        before = server.recipients()
        mend()
        Worker(write=write_letter, jobs=JOBS).run(once=True)

    row.refresh_from_db()
    assert before == ["bob@example.org"]
    assert server.recipients() == ["bob@example.org", ada.email]
    assert (row.state, row.attempts, row.fault, row.last_error) == (MailState.SENT, 1, "", "")
    assert "its letter cannot be written" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_broken_letter_holds_up_its_own_person_and_is_never_given_up(serve, break_letter):
    conference = make_conference()
    make_confirmed(make_day(conference, 1), make_day(conference, 2), now=timezone.now())
    break_letter("confirmation")

    with serve(ScriptedServer()) as server:
        for _ in range(2 * len(leases.RETRY_SECONDS)):
            Worker(write=write_letter, jobs=[]).run(once=True)

    assert server.arrived == []
    (row,) = waiting(Letter.CONFIRMATION)
    assert (row.fault, row.last_error, row.attempts) == (MailFault.LETTER, "TemplateSyntaxError", 0)
    assert len(waiting(Letter.INVITE)) == 2


# --- What is no longer true ------------------------------------------------------------------------------------------

pytest_db = pytest.mark.django_db


@pytest_db
def test_please_confirm_is_not_sent_to_a_person_who_has_confirmed():
    make_confirmed(make_day())

    with pytest.raises(NoLongerTrue):
        letter_of(*waiting(Letter.PLEASE_CONFIRM))


@pytest_db
def test_please_confirm_names_the_days_that_are_asked_for_when_it_is_sent():
    conference = make_conference()
    first, second = make_day(conference, 1), make_day(conference, 2)
    ada = make_pending(first, second)

    days.cancel(the_registration(ada, first), now=NOW)

    text = text_of(*waiting(Letter.PLEASE_CONFIRM))
    assert "PxP Day 2" in text
    assert "PxP Day 1" not in text


@pytest_db
def test_confirmation_tells_of_the_days_as_they_are_when_it_is_sent():
    conference = make_conference()
    first, second = make_day(conference, 1), make_day(conference, 2)
    ada = make_confirmed(first, second)

    days.cancel(the_registration(ada, first), now=NOW)
    day_changes.reschedule(second, starts_at=second.starts_at + HOUR, ends_at=second.ends_at + HOUR, now=NOW)
    with pytest.raises(NotYet):
        letter_of(*waiting(Letter.CONFIRMATION))
    day_changes.tell_news(now=NOW)

    text = text_of(*waiting(Letter.CONFIRMATION))
    assert "PxP Day 1" not in text
    assert "4:00 pm to 7:00 pm" in text


@pytest_db
def test_confirmation_of_days_that_were_all_dropped_is_not_sent():
    conference = make_conference()
    both = [make_day(conference, number) for number in (1, 2)]
    ada = make_confirmed(*both)

    for day in both:
        days.cancel(the_registration(ada, day), now=NOW)

    with pytest.raises(NoLongerTrue):
        letter_of(*waiting(Letter.CONFIRMATION))


@pytest_db
def test_invite_waits_while_the_news_of_its_day_is_told():
    day = make_day()
    make_confirmed(day)
    day_changes.call_off(day, now=NOW)

    with pytest.raises(NotYet):
        letter_of(*waiting(Letter.CONFIRMATION))

    day_changes.tell_news(now=NOW)
    assert waiting(Letter.CONFIRMATION) == []
    assert "will not take place" in text_of(*waiting(Letter.CANCEL))


@pytest_db
@pytest.mark.parametrize(("closes_after", "is_offered"), [(2 * HOUR, True), (HOUR, False)])
def test_dropped_day_is_offered_again_only_while_people_can_sign_up(closes_after, is_offered):
    day = make_day(sign_up_closes_at=NOW + closes_after)
    ada = make_confirmed(day)
    count_as_sent()
    days.cancel(the_registration(ada, day), now=NOW)

    text = text_of(*waiting(Letter.CANCEL), now=NOW + HOUR)

    assert ("Add the day again on your page." in text) == is_offered


@pytest_db
def test_letters_about_a_day_that_is_over_are_not_sent():
    day = make_day()
    make_confirmed(day)

    with pytest.raises(NoLongerTrue):
        letter_of(*waiting(Letter.CONFIRMATION), now=day.ends_at)


@pytest_db
def test_reminder_leaves_out_a_day_that_was_dropped():
    conference = make_conference()
    first, second = make_day(conference, 1), make_day(conference, 2)
    ada = make_confirmed(first, second)
    count_as_sent()
    outbox.queue_reminder(ada, list(Registration.objects.for_person(ada)), now=NOW, expires_at=first.starts_at)

    days.cancel(the_registration(ada, first), now=NOW)
    row = OutboxMessage.objects.filter(letter=Letter.REMINDER).get()
    text = text_of(row)
    days.cancel(the_registration(ada, second), now=NOW)

    assert "Day 2:" in text
    assert "Day 1" not in text
    with pytest.raises(NoLongerTrue):
        letter_of(row)


@pytest_db
def test_reminder_is_not_sent_after_the_switch():
    day = make_day()
    ada = make_confirmed(day)
    count_as_sent()
    outbox.queue_reminder(ada, list(Registration.objects.for_person(ada)), now=NOW, expires_at=day.starts_at)
    (row,) = waiting(Letter.REMINDER)

    Registrant.objects.update(reminders=False)

    with pytest.raises(NoLongerTrue):
        letter_of(row)


@pytest_db
def test_mail_to_a_new_address_is_not_sent_once_the_person_keeps_the_old_one():
    ada = make_confirmed(make_day())
    address.ask_for_address(ada, "ada@new.example.org", now=NOW)
    rows = waiting(Letter.ADDRESS, Letter.ADDRESS_ASKED)
    assert [letter_of(row)["To"].addresses[0].addr_spec for row in rows] == ["ada@example.org", "ada@new.example.org"]

    address.forget_new_address(ada, now=NOW)

    for row in rows:
        with pytest.raises(NoLongerTrue):
            letter_of(row)


@pytest_db
def test_mail_that_may_have_arrived_brings_no_working_link_to_a_former_address():
    ada = make_confirmed(make_day())
    (row,) = waiting(Letter.CONFIRMATION)
    OutboxMessage.objects.only_row(row).update(lease="00000000-0000-0000-0000-000000000001")
    address.ask_for_address(ada, "ada@new.example.org", now=NOW)
    ada.refresh_from_db()
    address.take_new_address(ada, now=NOW)
    row.may_have_arrived = True

    with pytest.raises(NoLongerTrue):
        letter_of(row)


@pytest_db
def test_link_mail_is_not_sent_where_nobody_has_shown_that_the_address_is_theirs():
    ada = make_confirmed(make_day())
    outbox.queue_link(ada.email, ada.conference, now=NOW)
    (row,) = waiting(Letter.LINK)

    Registrant.objects.update(verified_at=None)

    with pytest.raises(NoLongerTrue):
        letter_of(row)


@pytest_db
def test_two_answers_to_a_need_before_the_first_left_are_one_mail():
    ada = make_confirmed(make_day())
    my_needs.ask_for(ada, "More time, please.", now=NOW)
    need = AccessRequest.objects.for_person(ada).with_people().get()

    for answer in ("We look into it.", "You have an hour more."):
        needs.answer_need(need, state=NeedState.ARRANGED, answer=answer, now=NOW)

    (row,) = waiting(Letter.NEED_ANSWER)
    assert "You have an hour more." in text_of(row)
    need.delete()
    with pytest.raises(NoLongerTrue):
        letter_of(row)


@pytest_db
def test_letter_of_a_person_who_is_being_erased_is_not_sent():
    ada = make_confirmed(make_day())
    (row,) = waiting(Letter.CONFIRMATION)

    erase(ada, now=NOW)

    with pytest.raises(NoLongerTrue):
        letter_of(row)


# --- What stays the same over all tries ------------------------------------------------------------------------------


def facts_of(mail):
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    names = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND")
    return mail["Message-ID"], [event[name].to_ical() for name in names]


@pytest.mark.django_db(transaction=True)
def test_second_try_brings_the_same_version_whatever_happened_in_between(serve):
    day = make_day(starts_at=timezone.now() + timedelta(days=30))
    make_confirmed(day, now=timezone.now())
    left = ["drop"]

    def breaks_off_once(command, argument, session):
        return left.pop() if command == "END" and left else None

    with serve(ScriptedServer(breaks_off_once)) as server:
        worker = Worker(write=write_letter, jobs=JOBS)
        (row,) = waiting(Letter.CONFIRMATION)
        first = facts_of(letter_of(row, now=timezone.now()))
        worker.run(once=True)
        day_changes.reschedule(day, starts_at=day.starts_at + HOUR, ends_at=day.ends_at + HOUR, now=timezone.now())
        day_changes.tell_news(now=timezone.now())
        OutboxMessage.objects.queued().update(due_at=timezone.now())
        worker.run(once=True)

    again, update = (mail.message for mail in server.arrived)
    assert facts_of(again) == first
    assert again["Subject"].startswith("You have a place: PxP Day 1")
    assert update["Subject"].startswith("Changed: PxP Day 1")
    assert b"1" in facts_of(update)[1]


@pytest_db
def test_letter_is_in_the_language_in_which_it_was_queued():
    make_confirmed(make_day())
    (row,) = waiting(Letter.CONFIRMATION)
    Registrant.objects.update(language="ar")

    assert '<html lang="en"' in letter_of(row).get_body(("html",)).get_content()


# --- The row ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_that_wait_are_small_and_hold_no_link():
    conference = make_conference()
    both = [make_day(conference, number) for number in (1, 2)]
    ada = make_confirmed(*both)
    make_pending(both[0], name="Bob")
    address.ask_for_address(ada, "ada@new.example.org", now=NOW)
    outbox.queue_link(ada.email, conference, now=NOW)
    reminders.remind(now=both[0].starts_at - timedelta(hours=20))

    copy = serializers.serialize("json", OutboxMessage.objects.all())

    assert len({row["fields"]["letter"] for row in json.loads(copy)}) >= 7
    assert max(len(json.dumps(row)) for row in json.loads(copy)) < 1_000
    people = Registrant.objects.all()
    tokens = [links.token(purpose, person) for person in people for purpose in links._STATES]
    tokens += [links.join_token(row) for row in Registration.objects.all()]
    assert "http" not in copy
    assert not [token for token in tokens if token in copy]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [{"letter": "poem"}, {"sequence": 0, "starts_at": None}])
def test_database_knows_letters_and_what_an_entry_needs(broken):
    make_confirmed(make_day())

    with pytest.raises(IntegrityError):
        OutboxMessage.objects.update(**broken)
    connection.needs_rollback = False


@pytest.mark.django_db
def test_letters_of_one_step_are_one_insert(django_assert_num_queries):
    conference = make_conference()
    ada = make_pending(*(make_day(conference, number) for number in (1, 2, 3)))

    with django_assert_num_queries(100, exact=False) as queries:
        days.confirm(ada, now=NOW)

    inserts = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert len(inserts) == 1
    assert [str(row.letter) for row in OutboxMessage.objects.order_by("pk")] == [
        "please_confirm", "confirmation", "invite", "invite", "invite",
    ]  # fmt: skip
