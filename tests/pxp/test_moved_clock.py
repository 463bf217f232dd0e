"""The machine's clock jumps back and forwards: nothing waits until it comes round again, nothing is lost for good."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from conference.site.kept_pages import Page, Pages
from pxp.accounts.sessions import SINCE
from pxp.operations import clock_watch, machine, watch
from pxp.operations.backups import folder
from pxp.operations.models import Observation
from pxp.operations.models.observations import Watched
from pxp.operations.notices import list_notices
from registration import links
from registration.abuse import budget
from registration.jobs import JOBS, Job
from registration.letters.writing import write_letter
from registration.mail import leases
from registration.mail.worker import Worker
from registration.models import OutboxMessage, Registrant, Registration
from registration.status import Letter, MailState
from tests.factories import NOW, make_confirmed, make_day, make_pending, make_program, make_staff, the_registration

pytestmark = pytest.mark.django_db
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
BACK = pytest.mark.parametrize("back", [HOUR, YEAR], ids=["hour", "year"])

NO_SERVER = {"default": {"OPTIONS": {"host": "127.0.0.1", "port": 9}}}


def keys():
    return [notice.key for notice in list_notices(now=timezone.now())]


def take(limit=50, **how):
    with transaction.atomic():
        return leases.take(now=timezone.now(), lease_for=timedelta(minutes=5), limit=limit, **how)


# --- Back -----------------------------------------------------------------------------------------------------------


@BACK
def test_mails_in_hand_and_those_that_wait_are_not_late_and_none_goes_twice(machine_clock, back):
    watch.record_sign_of_life(now=NOW)
    day = make_day()
    for name in ("Ada", "Bob"):
        make_pending(day, name=name)
    in_hand, later = take()
    leases.mark_for_retry(later, "busy", now=NOW)  # in some 20 seconds
    machine_clock.move_to(NOW - back)

    watch.record_sign_of_life(now=timezone.now())

    assert take() == []  # the worker of the first still has it, and the second waits its seconds
    machine_clock.shift(timedelta(minutes=1))
    assert [row.pk for row in take()] == [later.pk]
    assert leases.mark_sent(in_hand, now=timezone.now())
    machine_clock.shift(timedelta(minutes=5))
    assert [row.pk for row in take()] == [later.pk]  # whose lease ran out


@BACK
def test_people_who_sign_up_after_the_clock_went_back_get_their_mail_at_once(machine_clock, back):
    watch.record_sign_of_life(now=NOW)
    day = make_day(sign_up_opens_at=NOW - 2 * YEAR)
    for _ in range(130):
        budget.may_leave_at("ada@hospital.example", now=NOW)  # its domain is a while ahead
    machine_clock.move_to(NOW - back)

    for _ in range(3):
        watch.record_sign_of_life(now=timezone.now())  # comes with every worker, and again

    ahead = budget.may_leave_at("bob@hospital.example", now=timezone.now())[0] - timezone.now()
    make_pending(day, name="Eve", now=timezone.now())
    assert timedelta(minutes=5) < ahead < timedelta(minutes=15)  # as it was before
    assert [row.to_email for row in take()] == ["eve@example.org"]


def test_mailbox_that_got_its_mails_from_a_clock_that_was_ahead_gets_more(machine_clock):
    for _ in range(4):
        budget.spend("ada@example.org", due_at=NOW + YEAR)

    assert budget.may_leave_at("ada@example.org", now=NOW) == (NOW, 0)


def test_rate_does_not_count_what_a_clock_that_was_ahead_sent(machine_clock):
    day = make_day()
    for name in ("Ada", "Bob"):
        make_pending(day, name=name)
    OutboxMessage.objects.filter(to_email="ada@example.org").update(tried_at=NOW + YEAR, due_at=NOW + YEAR)

    assert [row.to_email for row in take(per_minute=1)] == ["bob@example.org"]


def test_jobs_go_on_whatever_the_clock_says(machine_clock, settings):
    settings.MAILERS = NO_SERVER
    ran = []
    worker = Worker(write=write_letter, jobs=[Job("count", timedelta(0), lambda now: ran.append(now))])
    worker.run_jobs()
    worker.jobs[0][1] -= 1  # its pause is over

    machine_clock.move_to(NOW - YEAR)
    worker.run_jobs()

    assert [NOW - at > DAY for at in ran] == [False, True]


def test_silence_and_old_backups_are_seen_after_the_clock_went_back(machine_clock, settings, tmp_path, smtp_server):
    settings.BACKUP_DIR, settings.OPERATOR_EMAIL = tmp_path, "root@example.org"
    for age in (-YEAR, 50 * HOUR):
        (tmp_path / folder.name_at(NOW - age, is_sealed=False)).touch()
    Observation.objects.note(Watched.WORKER, now=NOW + YEAR)
    Observation.objects.note(Watched.TOLD, now=NOW + YEAR)

    watch.mail_operator(now=NOW)

    assert "worker-silent" in keys()
    assert machine.hours_since_backup(now=NOW) == 50
    assert len(smtp_server.to("root@example.org")) == 1


def test_nobody_overtakes_the_waiting_list(machine_clock):
    day = make_day(capacity=1, sign_up_opens_at=NOW - 2 * YEAR)
    first, second = make_confirmed(day, name="Ada"), make_confirmed(day, name="Bob")
    machine_clock.move_to(NOW - YEAR)

    newcomer = make_confirmed(day, name="Eve", now=timezone.now())

    waiting = Registration.objects.for_day(day).waitlisted().in_queue_order()
    assert the_registration(first, day).is_confirmed
    assert [row.registrant for row in waiting] == [second, newcomer]


def test_links_and_sessions_of_a_clock_that_was_ahead_do_not_last_until_it_comes_back(machine_clock, client):
    ada = make_confirmed(make_day())
    token = links.private_token(ada, now=NOW + YEAR)
    client.force_login(make_staff())
    client.get("/organisers/")
    session = client.session
    session[SINCE] = (NOW + YEAR).timestamp()
    session.save()

    with pytest.raises(links.TooOld):
        links.registrant_by_private_token(token, now=NOW)

    assert links.registrant_by_private_token(links.private_token(ada, now=NOW + HOUR), now=NOW) == ada
    assert client.get("/organisers/").status_code == 302
    assert Session.objects.count() == 0


# --- Forwards -------------------------------------------------------------------------------------------------------


@pytest.fixture
def a_year_later(machine_clock, settings, tmp_path):
    """People signed up and have mail to come, backups are there; the clock jumps by a year: return a new worker."""
    settings.BACKUP_DIR = tmp_path
    settings.MAILERS = NO_SERVER
    watch.record_sign_of_life(now=NOW)
    day = make_program(days=1).days.get()
    make_confirmed(day, name="Ada", needs="Captions")
    OutboxMessage.objects.filter(letter=Letter.PLEASE_CONFIRM).update(state=MailState.SENT, finished_at=NOW)
    make_pending(day, name="Bob")
    for hours in (1, 30):
        (tmp_path / folder.name_at(NOW - hours * HOUR, is_sealed=False)).touch()
    machine_clock.move_to(NOW + YEAR)
    jobs = [*JOBS, watch.JOBS[0]]
    return Worker(write=write_letter, jobs=jobs, doubts_clock=lambda now: clock_watch.notice_jump(now=now))


def queued():
    return OutboxMessage.objects.queued().count()


def test_clock_that_jumps_ahead_deletes_nobody_and_takes_no_mail_back(a_year_later, machine_clock, tmp_path):
    before = queued()

    a_year_later.run_jobs()
    for row in take():
        a_year_later.send(row)

    assert (Registrant.objects.count(), queued()) == (2, before)
    assert "clock-fault" in keys()
    assert clock_watch.is_in_doubt(now=timezone.now())
    machine_clock.move_to(NOW + HOUR)
    a_year_later.doubts_clock(timezone.now())
    machine_clock.shift(timedelta(minutes=5))
    assert len(take()) == before  # the clock is right again: all leave


def test_clock_that_is_right_after_all_is_believed_a_day_later(a_year_later, machine_clock):
    a_year_later.run_jobs()
    machine_clock.shift(DAY - HOUR)
    watch.record_sign_of_life(now=timezone.now())
    assert "clock-fault" in keys()
    machine_clock.shift(2 * HOUR)
    watch.record_sign_of_life(now=timezone.now())

    a_year_later.jobs = [[job, float("-inf")] for job, _next in a_year_later.jobs]
    a_year_later.run_jobs()

    assert "clock-fault" not in keys()
    assert not Registrant.objects.filter(name="Bob").exists()  # never confirmed, and that is a year ago


@pytest.mark.django_db(transaction=True)
def test_backups_stay_while_the_clock_is_in_doubt(a_year_later, machine_clock, tmp_path):
    call_command("backup")

    assert len(folder.backups_in(tmp_path)) == 3
    machine_clock.shift(HOUR)
    Observation.objects.note(Watched.WORKER, now=timezone.now())  # and no worker doubts it
    call_command("backup")
    assert len(folder.backups_in(tmp_path)) == 2


# --- Neither way -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-YEAR, -HOUR, HOUR, YEAR], ids=str)
def test_kept_page_lives_for_a_minute_whatever_the_clock_says(machine_clock, jump):
    pages = Pages()
    pages.check_version()
    pages.put("home", Page((), {"": b"old"}, pages.clock()), pages.version)
    machine_clock.move_to(NOW + jump)

    page = pages.get("home")

    assert page is not None
    assert 0 <= pages.age(page) < 60
    pages.clock = lambda: page.made_at + 61  # a minute by the clock that nobody sets
    assert pages.get("home") is None
