"""The moment is wrong: database or disk cannot work now. Nothing typed is lost, nothing is half-written."""

import errno
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import (
    InternalError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
    transaction,
)
from django.test import Client
from psycopg_pool import ConnectionPool, PoolClosed

from conference.models import Conference
from pxp.operations import pools
from pxp.server_errors import is_temporary, sent_form
from registration import links
from registration.letters.writing import write_letter
from registration.mail.worker import Worker
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from tests.factories import make_pending, make_program, make_staff
from tests.support.forms import forms_of
from tests.support.ports import free_port

NEEDS = "Captions, please.\n\n  And a <break> & quiet;\nשלום " + "ش " * 2200
TYPED = {"name": ["Zoë O'Brien & Søn"], "email": ["zoe@example.org"], "days": ["1", "3"], "time_zone": [""]}

# What PostgreSQL says: the disk is full, no connection is left, a statement took too long, two wait for each other,
# it is going down, it is a copy that only reads.
FULL, *OTHERS = ["53100", "53300", "57014", "40P01", "57P01", "25006"]
STATES = [FULL, *(pytest.param(state, marks=pytest.mark.postgresql_only) for state in OTHERS)]


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


@pytest.fixture
def visitor():
    """A browser that shows our page for a fault, and to which no check is lenient."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@contextmanager
def failing_at(table, state=FULL):
    """Let every new row or change of `table` fail in the database itself: on PostgreSQL with this SQLSTATE."""
    break_at(table, state)
    yield
    heal()


def break_at(table, state=FULL):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # of a table that is missing it says the same as of a full disk
            for event in ("INSERT", "UPDATE"):
                words = f"CREATE TRIGGER away_{event} BEFORE {event} ON {table} BEGIN SELECT 1 FROM away; END"  # noqa: S608
                cursor.execute(words)
        else:
            cursor.execute(
                "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '{state}'; END $$"
            )
            words = f"CREATE TRIGGER away BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION away()"
            cursor.execute(words)


def heal():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER away_INSERT")
            cursor.execute("DROP TRIGGER away_UPDATE")
        else:
            cursor.execute("DROP FUNCTION away CASCADE")


def assert_temporary(response):
    """The page says when to come back, and no cache keeps it. Return its form."""
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "no-store" in response["Cache-Control"]
    [form] = [form for form in forms_of(response.text) if form.method == "post"]
    return form


def written():
    """How many rows people and their mails have."""
    return [model.objects.count() for model in (Registrant, Registration, AccessRequest, OutboxMessage)]


@pytest.mark.parametrize("state", STATES)
def test_sign_up_that_cannot_be_saved_comes_back_whole_and_goes_through_by_one_press(days, visitor, state):
    opened = {"opened": ["a:signed:time"]} | TYPED | {"needs": [NEEDS]}
    table = OutboxMessage._meta.db_table  # the last one that a sign-up writes

    with failing_at(table, state):
        form = assert_temporary(visitor.post("/fr/register/day-1/?tz=Asia/Tokyo", opened))

    assert (form.action, form.fields) == ("/fr/register/day-1/?tz=Asia/Tokyo", opened)
    assert written() == [0, 0, 0, 0]
    assert visitor.post(form.action, form.fields).status_code == 302
    assert written() == [1, 2, 1, 1]
    assert Registrant.objects.get().language == "fr"


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_full_database_saves_all_or_nothing_and_goes_on_once_there_is_room(visitor):
    make_program(sessions=0)
    typed = TYPED | {"needs": [NEEDS]}
    connection.cursor().execute("VACUUM")  # no page is free
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    form = assert_temporary(visitor.post("/register/", typed))

    assert (form.fields, written()) == (typed, [0, 0, 0, 0])
    connection.cursor().execute("PRAGMA max_page_count = 4294967294")
    assert visitor.post(form.action, form.fields).status_code == 302
    assert written() == [1, 2, 1, 1]


def test_confirmation_that_cannot_be_saved_is_one_button_again(days, visitor):
    link = links.confirm_url(make_pending(days[0])).removeprefix(settings.SITE_URL)

    with failing_at(Registration._meta.db_table):
        form = assert_temporary(visitor.post(link, {"days": "1"}))

    assert (form.action, form.fields) == (link, {"days": ["1"]})
    assert {row.status for row in Registration.objects.all()} == {"pending"}
    assert visitor.post(form.action, form.fields).status_code in (200, 302)
    assert {row.status for row in Registration.objects.all()} == {"confirmed"}


def test_organiser_who_cannot_save_presses_once_more(days, visitor):
    visitor.force_login(make_staff())
    path = f"/organisers/conference/conference/{days[0].conference_id}/change/"
    [page] = [form for form in forms_of(visitor.get(path).text) if "csrfmiddlewaretoken" in form.fields and form.typed]
    typed = page.fields | {"name": ["PxP with many words"], "_save": ["Save"]}

    with failing_at(Conference._meta.db_table):
        form = assert_temporary(visitor.post(path, typed))

    assert (form.action, form.fields) == (path, typed)
    assert visitor.post(form.action, form.fields).status_code == 302
    assert Conference.objects.get().name == "PxP with many words"


@pytest.mark.django_db(transaction=True)
def test_organiser_reads_on_while_the_session_cannot_be_written(days, visitor, machine_clock):
    visitor.force_login(make_staff())

    with failing_at("django_session"):
        page = visitor.get("/organisers/")

    assert (page.status_code, "Log out" in page.text) == (200, True)


def test_form_that_another_site_sent_is_not_offered_again(rf):
    # The fault may come before the check: the session of an organiser is read first.
    by_site = {
        site: sent_form(rf.post("/organisers/", {"action": "erase"}, headers={"sec-fetch-site": site})).get("path")
        for site in ("same-origin", "cross-site")
    }
    others = [rf.get("/register/"), rf.post("/mail-events/", {"a": 1}, content_type="application/json")]

    assert by_site == {"same-origin": "/organisers/", "cross-site": None}
    assert [sent_form(request) for request in others] == [{}, {}]


def test_page_repeats_no_password(days):
    visitor = Client(raise_request_exception=False)
    with failing_at("registration_attemptcount"):
        response = visitor.post("/organisers/login/", {"username": "lead", "password": "a long secret", "_kept": "{}"})

    form = assert_temporary(response)
    assert form.fields == {"username": ["lead"], "_kept": ["{}"]}
    assert "a long secret" not in response.text
    assert "Passwords and files are not kept here" in response.text


class PatientWorker(Worker):
    """Waits for no time. While it first does, the database gets well; it ends once there is nothing to do."""

    failed = 0

    def pause_seconds(self):
        if self.failures and not self.failed:
            self.failed = self.failures
            heal()
        elif not self.failures:
            self.stop()
        return 0


@pytest.mark.django_db(transaction=True)
def test_worker_that_starts_while_nothing_can_be_saved_sends_each_mail_once_it_can(smtp_server):
    make_pending(make_program(sessions=0).days.first())
    worker = PatientWorker(write=write_letter)

    break_at(OutboxMessage._meta.db_table)
    worker.run()

    assert worker.failed == 1
    assert len(smtp_server.to("ada@example.org")) == 1
    assert OutboxMessage.objects.get().state == "sent"


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_database_that_ended_the_connection_is_asked_again_at_the_next_press(visitor):
    make_program(sessions=0)
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()

    form = assert_temporary(visitor.post("/register/", TYPED))

    close_old_connections()  # as at the end of each request, but by a test's client
    assert visitor.post(form.action, form.fields).status_code == 302
    assert written()[:2] == [1, 2]


def test_nobody_waits_for_a_server_that_does_not_answer():
    place = {"host": "127.0.0.1", "port": free_port()}
    tries = {"reconnect_timeout": 0.1, "reconnect_failed": pools.give_up}

    with ConnectionPool(kwargs=place, open=True, min_size=1, timeout=60, **tries) as pool, pytest.raises(PoolClosed):
        pool.getconn()


@pytest.mark.postgresql_only
def test_server_that_answers_keeps_its_pool(db):
    pool = connection.pool

    pools.give_up(pool)

    assert connection.pool is pool
    assert not pool.closed


def test_what_is_temporary_and_what_is_our_fault():
    try:
        try:
            raise OperationalError
        except OperationalError:
            raise transaction.TransactionManagementError from None
    except transaction.TransactionManagementError as fault:
        hidden = fault

    temporary = [OperationalError(), OSError(errno.ENOSPC, "No space left on device"), hidden]
    ours = [ValueError(), ProgrammingError(), InternalError(), OSError(errno.ENOENT, "No such file"), None]
    assert [is_temporary(fault) for fault in temporary] == [True] * 3
    assert [is_temporary(fault) for fault in ours] == [False] * 5
