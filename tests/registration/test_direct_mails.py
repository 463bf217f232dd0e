"""Mails that are in no outbox: who sends them, and when."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest

from registration.models import Farewell
from registration.services.direct_mails import send_waiting
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def farewell():
    """A mail that is due."""
    return Farewell.objects.create(email="ada@example.org", language="en", asked_at=NOW)


def test_two_workers_do_not_send_the_same_mail(farewell):
    behind = Farewell.objects.create(email="bob@example.org", language="en", asked_at=NOW)
    sent = []

    def send(row):
        """Send a mail, while another worker takes the one behind it and does not come to its end."""
        sent.append(row.pk)
        with pytest.raises(KeyboardInterrupt):
            send_waiting(Farewell.objects.all(), take, now=NOW)

    def take(row):
        sent.append(row.pk)
        raise KeyboardInterrupt

    assert send_waiting(Farewell.objects.all(), send, now=NOW) == 1
    assert sent == [farewell.pk, behind.pk]


def test_mail_of_a_worker_that_died_is_sent_when_its_lease_is_over(farewell, settings):
    sent = []

    with pytest.raises(KeyboardInterrupt):
        send_waiting(Farewell.objects.all(), die, now=NOW)
    lease = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    before = send_waiting(Farewell.objects.all(), keep(sent), now=NOW + lease - timedelta(seconds=1))
    after = send_waiting(Farewell.objects.all(), keep(sent), now=NOW + lease)

    assert (before, after, sent) == (0, 1, [farewell.email])


def test_a_server_that_takes_no_mail_makes_none_wait(farewell):
    sent = []

    def send(row):
        raise ConnectionRefusedError

    first = send_waiting(Farewell.objects.all(), send, now=NOW)
    second = send_waiting(Farewell.objects.all(), keep(sent), now=NOW)

    assert (first, second, sent) == (0, 1, [farewell.email])


@pytest.mark.parametrize(
    ("fault", "is_over"),
    [
        (SMTPRecipientsRefused({"ada@example.org": (550, b"5.1.1 User unknown")}), True),
        (SMTPRecipientsRefused({"ada@example.org": (550, b"5.7.1 192.0.2.7 is on our block list")}), False),
        (SMTPRecipientsRefused({"ada@example.org": (554, b"5.7.1 Relay access denied")}), False),
        (SMTPRecipientsRefused({"ada@example.org": (451, b"4.7.1 Greylisted")}), False),
        (SMTPDataError(552, b"5.3.4 Message too big"), True),
        (SMTPDataError(550, b"5.4.5 Daily sending quota exceeded"), False),
    ],
)
def test_mail_is_given_up_only_for_a_fault_of_its_own(farewell, fault, is_over):
    sent = []

    def send(row):
        raise fault

    send_waiting(Farewell.objects.all(), send, now=NOW)
    send_waiting(Farewell.objects.all(), keep(sent), now=NOW + timedelta(hours=1))

    assert sent == ([] if is_over else [farewell.email])


def keep(sent):
    """Return what notes the address of a mail as if it sent it."""
    return lambda row: sent.append(row.email)


def die(row):
    """Be killed while the mail is on its way."""
    raise KeyboardInterrupt
