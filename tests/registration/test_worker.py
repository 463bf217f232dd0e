"""The worker against real SMTP servers, kind and unkind, on a real database."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from conference.models import Day
from registration.addresses import key_of_address
from registration.jobs import JOBS, Job
from registration.letters.outbox import try_again
from registration.letters.writing import write_letter
from registration.mail import leases
from registration.mail.delivery import to_bytes
from registration.mail.worker import Worker
from registration.models import OutboxMessage, Registrant
from registration.status import MailFault, MailState
from tests.factories import make_conference, make_confirmed, make_day, make_pending
from tests.load.outbox_rig import fill_outbox, make_people
from tests.support.at_once import at_once, wait_until
from tests.support.smtp import DROP, HANG, ScriptedServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serve(settings):
    """A function that makes the site send to a ScriptedServer; the test starts it with `with`.

    The site waits `timeout` seconds for an answer: long, as a busy machine is no fault of the server.
    """

    def use(server, *, timeout=30, **options):
        options = {"host": "127.0.0.1", "port": server.port, "timeout": timeout} | options
        settings.MAILERS = {"default": {"OPTIONS": options}}
        return server

    return use


def sign_up_people(count):
    """Queue one "please confirm" mail for each of `count` people; return their addresses in order."""
    day = make_day()
    for number in range(count):
        make_pending(day, name=f"P{number:03}", now=timezone.now())
    return [f"p{number:03}@example.org" for number in range(count)]


def only(command, reply, *, address=None, times=None):
    """Return a script that gives one reply to a command, if it is about `address`, `times` times."""
    left = [times]

    def script(asked, argument, session):
        if asked != command or (address and address != argument) or left[0] == 0:
            return None
        left[0] = left[0] and left[0] - 1
        return reply

    return script


def goes_away_at_size(size):
    """Return a script that ends the connection at the announcement of a mail of so many bytes (RFC 1870)."""
    return lambda asked, argument, session: DROP if asked == "MAIL" and argument.endswith(f"SIZE={size}") else None


def states():
    return [str(state) for state in OutboxMessage.objects.order_by("pk").values_list("state", flat=True)]


def make_due():
    """Let the waits between tries pass."""
    OutboxMessage.objects.queued().update(due_at=timezone.now())


def work():
    call_command("run_worker", once=True)


def write_few_words(row, *, now):
    """Write a short mail instead of the row's letter, for tests of how thousands leave, whatever they say."""
    return EmailMultiAlternatives("Hello", "Hello.", "hello@pxp.example.org", [row.to_email])


def test_worker_once_sends_everything_in_order_on_one_connection(serve):
    people = sign_up_people(5)

    with serve(ScriptedServer()) as server:
        work()

    assert server.recipients() == people
    assert server.connections == 1
    assert states() == ["sent"] * 5
    assert set(OutboxMessage.objects.values_list("subject", flat=True)) == {"Please confirm your place at PxP"}


def test_bytes_that_reach_the_server_are_lines_of_ascii(serve):
    make_confirmed(make_day(title="Zoë’s day. " * 16), name="Zoë Øst", email="zoe@example.org", now=timezone.now())

    with serve(ScriptedServer()) as server:
        work()

    (mail,) = server.arrived
    assert mail.raw.isascii()
    assert b"\n" not in mail.raw.replace(b"\r\n", b"")
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 78
    assert mail.sender == "hello@pxp.example.org"


def test_worker_uses_pipelining_where_it_is_offered(serve):
    people = sign_up_people(3)
    script = only("RCPT", "550 5.1.1 no such user", address=people[1])

    with serve(ScriptedServer(script, offers=("PIPELINING",))) as server:
        work()

    assert server.recipients() == [people[0], people[2]]
    assert states() == ["sent", "dead", "sent"]
    assert server.connections == 1


def test_refused_address_is_noted_on_the_person_and_holds_up_nobody(serve):
    conference = make_conference()
    day = make_day(conference, 1)
    make_confirmed(day, make_day(conference, 2), now=timezone.now())
    make_pending(day, name="Bob", now=timezone.now())
    script = only("RCPT", "550 5.1.1 <ada@example.org>: ada is unknown", address="ada@example.org")

    with serve(ScriptedServer(script)) as server:
        work()

    ada = Registrant.objects.named("Ada").get()
    assert server.recipients() == ["bob@example.org"]
    assert ada.is_undeliverable
    assert ada.undeliverable_reason == "The mail server said: 550 5.1.1 […]: […] is unknown"
    assert states() == ["withdrawn", "dead", "dead", "dead", "sent"]  # the first asked to confirm, which is done
    assert sum(command.startswith("RCPT") for command in server.commands) == 2


def test_mail_that_is_refused_as_such_says_nothing_about_the_address(serve):
    sign_up_people(2)

    with serve(ScriptedServer(only("END", "552 5.3.4 too big", times=1))):
        work()

    assert states() == ["dead", "sent"]
    assert OutboxMessage.objects.earliest("pk").last_error == "The mail server said: 552 5.3.4 too big"
    assert not any(person.is_undeliverable for person in Registrant.objects.all())


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("reply", ["451 4.3.0 later", "452 4.2.2 full", "421 4.7.0 closing", DROP, HANG])
def test_trouble_that_may_pass_delays_and_loses_nothing(serve, command, reply):
    people = sign_up_people(2)

    with serve(ScriptedServer(only(command, reply, times=1)), timeout=1 if reply == HANG else 30) as server:
        work()
        serve(server)
        make_due()
        work()

    assert sorted(server.recipients()) == people
    assert states() == ["sent", "sent"]


@pytest.mark.parametrize(
    ("command", "reply"),
    [("CONNECT", DROP), ("CONNECT", HANG), ("CONNECT", "421 busy"), ("EHLO", DROP), ("MAIL", "550 5.7.1 not you")],
)
def test_server_that_takes_nothing_costs_no_mail_a_try(serve, command, reply):
    people = sign_up_people(3)

    with serve(ScriptedServer(only(command, reply, times=1)), timeout=1 if reply == HANG else 30) as server:
        work()
        serve(server)
        after_first = list(OutboxMessage.objects.values_list("state", "attempts"))
        work()

    assert after_first == [("queued", 0)] * 3
    assert sorted(server.recipients()) == people


def test_server_that_is_not_there_costs_no_mail_a_try(serve):
    people = sign_up_people(2)
    gone = ScriptedServer()
    gone.server_close()

    serve(gone)
    work()
    after_first = list(OutboxMessage.objects.values_list("state", "attempts"))
    with serve(ScriptedServer()) as server:
        work()

    assert after_first == [("queued", 0)] * 2
    assert server.recipients() == people


def test_wrong_password_costs_no_mail_a_try(serve):
    people = sign_up_people(2)
    script = only("AUTH", "535 5.7.8 wrong", times=1)

    with serve(ScriptedServer(script, offers=("AUTH PLAIN",)), username="pxp", password="secret") as server:
        work()
        after_first = list(OutboxMessage.objects.values_list("state", "attempts"))
        work()

    assert after_first == [("queued", 0)] * 2
    assert server.recipients() == people


@pytest.mark.parametrize(
    ("offers", "reply"),
    [((), None), (("AUTH GSSAPI",), None), (("AUTH CRAM-MD5 PLAIN",), "334 x")],
)
def test_server_without_a_way_to_log_in_is_called_that(serve, offers, reply):
    sign_up_people(1)

    with serve(ScriptedServer(only("AUTH", reply), offers=offers), username="pxp", password="secret"):
        work()

    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts, row.fault) == (MailState.QUEUED, 0, MailFault.SERVER)
    assert row.last_error.startswith("The mail server offers no way to log in with a user name and password.")


def test_impossible_name_of_the_mail_server_costs_no_mail_a_try(serve):
    sign_up_people(1)

    with serve(ScriptedServer(), host=f"{'a' * 64}.example"):
        work()

    assert list(OutboxMessage.objects.values_list("state", "attempts")) == [("queued", 0)]


@pytest.mark.parametrize("offers", [(), ("PIPELINING",)])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "END"])
def test_any_reply_that_says_yes_counts_as_yes(serve, command, offers):
    people = sign_up_people(2)

    with serve(ScriptedServer(only(command, "252 very well"), offers=offers)) as server:
        work()

    assert states() == ["sent", "sent"]
    assert [command for command in server.commands if command.startswith("RCPT")] == [
        f"RCPT TO:<{person}>" for person in people
    ]
    assert "." not in server.commands


@pytest.mark.parametrize(
    ("command", "reply", "shown"),
    [
        ("RCPT", "550 5.7.1 Empf\udce4nger gesperrt", "The mail server said: 550 5.7.1 Empfänger gesperrt"),
        ("RCPT", "550 5.7.1 Empfänger gesperrt", "The mail server said: 550 5.7.1 Empfänger gesperrt"),
        ("RCPT", "550 5.7.1 no\0 \x1b[31mway", "The mail server said: 550 5.7.1 no [31mway"),
        ("CONNECT", "554 5.7.1 gesperrt f\udcfcr\0 Sie", "The mail server said: 554 5.7.1 gesperrt für Sie"),
    ],
)
def test_reply_is_shown_in_its_letters_and_without_control_characters(serve, command, reply, shown):
    sign_up_people(1)

    with serve(ScriptedServer(only(command, reply))):
        work()

    assert OutboxMessage.objects.get().last_error == shown


def test_server_that_judges_a_mail_for_long_gets_it_once(serve):
    (ada,) = sign_up_people(1)

    def script(asked, argument, session):
        if asked == "END":
            time.sleep(2.5)

    with serve(ScriptedServer(script), timeout=1) as server:
        work()

    assert server.recipients() == [ada]
    assert states() == ["sent"]


def test_tls_that_fails_costs_no_mail_a_try(serve):
    people = sign_up_people(2)
    # It says yes to STARTTLS and then does not speak TLS.
    liar = ScriptedServer(only("OTHER", "220 go"), offers=("STARTTLS",))

    with serve(liar, use_tls=True) as server:
        work()

    assert server.arrived == []
    assert list(OutboxMessage.objects.values_list("state", "attempts")) == [("queued", 0)] * len(people)


def test_missing_tls_sends_nothing_in_the_clear(serve):
    sign_up_people(1)

    with serve(ScriptedServer(), use_tls=True) as server:
        work()

    assert server.arrived == []
    assert not any(command.startswith("MAIL") for command in server.commands)
    assert list(OutboxMessage.objects.values_list("state", "attempts")) == [("queued", 0)]


def test_server_that_ends_a_connection_after_two_mails_gets_a_new_one(serve):
    people = sign_up_people(5)

    def two_mails_each(command, argument, session):
        session.mails = getattr(session, "mails", 0) + (command == "MAIL")
        return "421 4.7.0 enough mails here" if session.mails > 2 else None

    with serve(ScriptedServer(two_mails_each)) as server:
        work()

    assert server.recipients() == people
    assert [mail.connection for mail in server.arrived] == [1, 1, 2, 2, 3]
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}


# 120 are more than two workers take at once; 1,000 where the server goes away, which a poisoned mail did for all once.
@pytest.mark.parametrize("offers", [(), ("PIPELINING",)])
@pytest.mark.parametrize(
    ("command", "reply", "number"),
    [
        ("RCPT", "451 4.7.1 later", 120),
        ("RCPT", DROP, 120),
        ("RCPT", "421 4.7.0 closing", 120),
        ("END", DROP, 1_000),
    ],
)
def test_poisoned_mail_among_many_delays_nobody(serve, command, reply, number, offers):
    day = make_day()
    people = make_people(number, [day], status="confirmed")
    fill_outbox(people, 1)
    poisoned = people[3].email

    with serve(ScriptedServer(only(command, reply, address=poisoned), offers=offers)) as server:
        Worker(write=write_few_words, jobs=[]).run(once=True)

    assert server.recipients() == [person.email for person in people if person.email != poisoned]
    assert OutboxMessage.objects.queued().get().to_email == poisoned


def test_mail_at_which_the_server_goes_away_lets_the_others_pass_and_is_given_up_in_the_end(serve):
    people = sign_up_people(12)
    # A longer address makes a longer mail; the name is in none that asks to confirm.
    longest = "a-much-longer-address-than-all-the-others@example.org"
    Registrant.objects.filter(email=people[3]).update(email=longest, email_key=key_of_address(longest))
    OutboxMessage.objects.filter(to_email=people[3]).update(to_email=longest)
    row = OutboxMessage.objects.get(to_email=longest)
    day = Day.objects.get()
    script = goes_away_at_size(len(to_bytes(write_letter(row, now=timezone.now()))))

    with serve(ScriptedServer(script)) as server:
        worker = Worker(write=write_letter, jobs=[])
        for _ in range(2):  # a worker comes back a second later
            worker.run(once=True)
        after_two = list(server.recipients())
        while row.state == MailState.QUEUED:
            make_due()
            make_pending(day, name=f"Q{row.attempts}", now=timezone.now())
            worker.run(once=True)
            row.refresh_from_db()

    assert after_two == [person for person in people if person != people[3]]
    assert row.is_dead
    assert row.last_error == "The mail server does not answer."


def test_first_mail_that_waits_keeps_the_order_of_its_person(serve):
    conference = make_conference()
    make_confirmed(make_day(conference, 1), make_day(conference, 2), now=timezone.now())

    with serve(ScriptedServer(only("RCPT", "451 4.7.1 later", times=1))) as server:
        work()
        assert server.arrived == []
        make_due()
        work()

    subjects = [mail.message["Subject"] for mail in server.arrived]
    rows = OutboxMessage.objects.filter(state="sent").order_by("pk")
    assert subjects == [row.subject for row in rows]
    assert len(subjects) == 3


def test_mail_is_given_up_after_two_days_of_tries(serve):
    sign_up_people(1)
    row = OutboxMessage.objects.get()
    waits = []

    with serve(ScriptedServer(only("RCPT", "451 4.7.1 later"))):
        while row.state == MailState.QUEUED:
            make_due()
            work()
            row.refresh_from_db()
            waits.append((row.due_at - row.tried_at).total_seconds())

    assert 1.5 * 86400 < sum(waits[:-1]) < 2.5 * 86400
    assert row.is_dead
    assert row.last_error == "The mail server said: 451 4.7.1 later"


@pytest.mark.parametrize("command", ["RCPT", "END"])
def test_fault_of_ours_is_shown_to_organisers_until_the_mail_leaves(serve, command):
    (ada,) = sign_up_people(1)
    reply = "504 5.5.2 <7f3a9c>: Helo command rejected: need fully-qualified hostname"

    with serve(ScriptedServer(only(command, reply, times=1))) as server:
        work()
        waiting = OutboxMessage.objects.get()
        shown = OutboxMessage.objects.backlog().by_fault
        make_due()
        work()

    sent = OutboxMessage.objects.get()
    assert (waiting.state, waiting.fault) == (MailState.QUEUED, MailFault.SERVER)
    assert waiting.last_error.startswith("The mail server said: 504 5.5.2")
    assert shown == {MailFault.SERVER: 1}
    assert server.recipients() == [ada]
    assert (sent.fault, sent.last_error) == ("", "")
    assert {*OutboxMessage.objects.backlog().by_fault} <= {""}


def test_fault_of_ours_that_lasts_two_days_gives_the_mail_up_and_marks_nobody(serve):
    sign_up_people(1)
    row = OutboxMessage.objects.get()

    with serve(ScriptedServer(only("RCPT", "550 5.7.1 192.0.2.7 is on our block list"))):
        while row.state == MailState.QUEUED:
            make_due()
            work()
            row.refresh_from_db()

    assert (row.state, row.fault, row.attempts) == (MailState.DEAD, "", len(leases.RETRY_SECONDS) + 1)
    assert not Registrant.objects.get().is_undeliverable


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("CONNECT", "554 5.7.1 blocked"),
        ("EHLO", "504 who?"),
        ("AUTH", "535 5.7.8 wrong"),
        ("MAIL", "550 5.7.1 not you"),
    ],
)
def test_server_that_refuses_us_is_shown_to_organisers_and_costs_no_mail_a_try(serve, command, reply):
    (ada,) = sign_up_people(1)
    # Old servers know only HELO, so refuse that too.
    refuses = lambda asked, argument, session: reply if asked in (command, "OTHER") else None  # noqa: E731

    with serve(ScriptedServer(refuses, offers=("AUTH PLAIN",)), username="pxp", password="secret"):
        work()
        work()
    waiting = list(OutboxMessage.objects.values_list("state", "attempts", "fault"))
    with serve(ScriptedServer(offers=("AUTH PLAIN",)), username="pxp", password="secret") as server:
        work()

    assert waiting == [("queued", 0, "server")]
    assert server.recipients() == [ada]
    assert OutboxMessage.objects.get().fault == ""


def test_server_that_is_busy_for_a_moment_alarms_nobody(serve):
    sign_up_people(1)

    with serve(ScriptedServer(only("RCPT", "450 4.2.0 greylisted, come back"))):
        work()

    assert OutboxMessage.objects.get().fault == ""
    assert {*OutboxMessage.objects.backlog().by_fault} <= {""}


def test_try_again_sends_a_dead_mail_and_clears_the_address(serve):
    people = sign_up_people(1)
    with serve(ScriptedServer(only("RCPT", "550 5.1.1 unknown"))):
        work()
    row = OutboxMessage.objects.get()

    assert try_again(row, now=timezone.now())
    assert not try_again(row, now=timezone.now())
    with serve(ScriptedServer()) as server:
        work()

    assert server.recipients() == people
    assert not Registrant.objects.get().is_undeliverable


def test_dead_workers_lease_runs_out_and_the_message_id_stays(serve, machine_clock):
    people, lease = sign_up_people(1), timedelta(minutes=5)
    with transaction.atomic():
        (row,) = leases.take(now=timezone.now(), lease_for=lease)

    with serve(ScriptedServer()) as server:
        work()
        before = server.recipients()
        machine_clock.shift(lease)
        work()

    assert before == []
    assert server.recipients() == people
    assert server.arrived[0].message["Message-ID"] == f"<{row.message_id}>"
    assert not leases.mark_sent(row, now=timezone.now())


def test_several_workers_send_each_mail_once(serve):
    people = sign_up_people(60)

    def wait_for_another(command, argument, session):
        if command == "MAIL":
            wait_until(lambda: session.server.connections > 1, "a second worker that sends too")

    with serve(ScriptedServer(wait_for_another)) as server:
        at_once(*[lambda: Worker(write=write_letter, jobs=JOBS).run(once=True)] * 4)

    assert sorted(server.recipients()) == people
    assert server.connections > 1


def test_sigterm_finishes_the_mail_in_hand(serve):
    people = sign_up_people(3)

    def stop_in_the_middle(command, argument, session):
        if command == "END":
            os.kill(os.getpid(), signal.SIGTERM)

    with serve(ScriptedServer(stop_in_the_middle)) as server:
        call_command("run_worker")

    assert server.recipients() == people[:1]
    assert states() == ["sent", "queued", "queued"]
    assert OutboxMessage.objects.not_begun().count() == 2


def test_rate_limit_holds_for_all_workers_together(serve, settings):
    settings.MAIL_PER_MINUTE = 3
    people = sign_up_people(5)

    with serve(ScriptedServer()) as server:
        for _ in range(2):
            worker = Worker(write=write_letter, jobs=JOBS)
            worker.send_all()
            worker.delivery.close()

    assert server.recipients() == people[:3]


def test_failing_job_stops_neither_mail_nor_other_jobs(serve, caplog):
    people = sign_up_people(1)
    done = []

    def fails(now):
        raise ValueError("a fault")

    jobs = [
        Job("fails", timedelta(hours=1), fails),
        Job("works", timedelta(hours=1), lambda now: done.append(now)),
    ]
    with serve(ScriptedServer()) as server:
        Worker(write=write_letter, jobs=jobs).run(once=True)

    assert server.recipients() == people
    assert len(done) == 1
    assert "A job failed: fails" in caplog.text


def test_logs_name_no_person(serve, caplog):
    caplog.set_level("INFO")
    people = sign_up_people(2)
    script = only(
        "RCPT", f"550 5.1.1 <{people[0]}> unknown, see https://mail.example.org/{people[0]}", address=people[0]
    )

    with serve(ScriptedServer(script)):
        work()

    assert "sent" in caplog.text
    assert "refused" in caplog.text
    assert "p000" not in caplog.text
    assert "example.org" not in caplog.text


@pytest.mark.parametrize(
    ("site_url", "name", "said"),
    [
        ("https://pxp.example.org", "", "pxp.example.org"),
        ("https://b\u00fccher.example:8000", "", "xn--bcher-kva.example"),
        ("http://192.0.2.7:8000", "", "[192.0.2.7]"),
        ("http://[2001:db8::1]", "", "[IPv6:2001:db8::1]"),
        ("https://pxp.example.org", "mail.example.org", "mail.example.org"),
    ],
)
def test_site_greets_the_mail_server_with_a_name_of_its_own(serve, settings, site_url, name, said):
    settings.SITE_URL, settings.MAIL_HELO_NAME = site_url, name
    sign_up_people(1)

    with serve(ScriptedServer()) as server:
        work()

    assert server.commands[0].lower() == f"ehlo {said}".lower()
    assert len(server.arrived) == 1


def test_mail_outside_the_outbox_names_the_site_and_never_the_machine(serve, settings):
    settings.SITE_URL, settings.MAIL_HELO_NAME = "https://pxp.example.org", ""
    settings.DEFAULT_FROM_EMAIL = "PxP <hello@sender.example>"

    from pxp.settings import mailer_from_url  # only now: settings are read once, after the database is started

    with serve(ScriptedServer()) as server:
        settings.MAILERS = {"default": mailer_from_url(f"smtp://127.0.0.1:{server.port}")}
        for _ in range(2):
            send_mail("Your data is deleted", "Hello", settings.DEFAULT_FROM_EMAIL, ["ada@example.org"])

    assert server.commands[0].lower() == "ehlo pxp.example.org"
    ids = {mail.message["Message-ID"] for mail in server.arrived}
    assert len(ids) == 2
    assert all(key.endswith("@sender.example>") for key in ids)
    assert {mail.message["Auto-Submitted"] for mail in server.arrived} == {"auto-generated"}
    assert {mail.message["X-Auto-Response-Suppress"] for mail in server.arrived} == {"OOF, AutoReply"}
