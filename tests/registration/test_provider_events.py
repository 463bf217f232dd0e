"""What a mail provider reports reaches the person it is about, if the report is signed."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from anymail import urls
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.test import RequestFactory

from pxp.setting_faults import PROOFS
from registration.mail.provider_events import tracking_view
from registration.models import Registrant
from tests.factories import make_confirmed, make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(settings):
    """A function that hands a report of Postmark to the site, signed or not, and returns the answer's status."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}

    def post(key="user:secret", **fields):
        request = RequestFactory().post(
            "/mail-events/",
            json.dumps({"MessageID": "1", "Recipient": "ada@example.org", "Email": "ada@example.org"} | fields),
            content_type="application/json",
            headers={"Authorization": f"Basic {b64encode(key.encode()).decode()}"},
        )
        return tracking_view("postmark")(request).status_code

    return post


def test_bounce_marks_the_address_in_words(report):
    make_confirmed(make_day())

    status = report(RecordType="Bounce", Type="HardBounce", ID=1, BouncedAt="2027-09-01T12:00:00Z")

    ada = Registrant.objects.get()
    assert (status, ada.undeliverable_reason) == (200, "The mail came back: the address does not accept our mail.")


# What the provider calls it, what the server said, and whether no mail will ever arrive.
BOUNCES = [
    ("HardBounce", "smtp;550 5.1.1 The email account that you tried to reach does not exist", True),
    ("HardBounce", "", True),
    ("HardBounce", "smtp;550 5.7.1 Message rejected as spam", False),
    ("HardBounce", "smtp;554 5.7.26 This mail has been blocked because the sender is unauthenticated.", False),
    ("HardBounce", "550 no", True),
    ("HardBounce", "5.2.2 mailbox full", False),
    ("HardBounce", "The mail server is on a blocklist", False),
    ("SoftBounce", "", False),
    ("SoftBounce", "smtp;552 5.2.2 over quota", False),
    ("SoftBounce", "smtp;550 5.1.1 User unknown", True),
    ("VirusNotification", "", False),
    ("Blocked", "smtp;550 blocked by spam filter", False),
    ("BadEmailAddress", "", True),
]


@pytest.mark.parametrize(("kind", "reply", "marks"), BOUNCES)
def test_only_a_fault_of_the_recipient_marks_the_address(kind, reply, marks, report):
    make_confirmed(make_day())

    report(RecordType="Bounce", Type=kind, Details=reply, ID=1, BouncedAt="2027-09-01T12:00:00Z")

    assert (Registrant.objects.get().undeliverable_at is not None) == marks


def test_delivery_makes_the_address_good_again(report):
    make_confirmed(make_day())
    report(RecordType="Bounce", Type="HardBounce", ID=1, BouncedAt="2027-09-01T12:00:00Z")

    report(RecordType="Delivery", DeliveredAt="2027-09-01T13:00:00Z")

    assert Registrant.objects.get().undeliverable_at is None


def test_delivery_that_is_reported_after_a_later_bounce_changes_nothing(report):
    make_confirmed(make_day())
    report(RecordType="Bounce", Type="HardBounce", ID=1, BouncedAt="2027-08-31T12:00:00Z")

    report(RecordType="Delivery", DeliveredAt="2027-08-31T11:59:00Z")

    assert Registrant.objects.get().undeliverable_at == datetime(2027, 8, 31, 12, tzinfo=UTC)


def test_complaint_ends_all_mail_that_was_not_asked_for_and_nothing_else(report):
    make_confirmed(make_day())

    report(RecordType="SpamComplaint", Type="SpamComplaint", ID=2, BouncedAt="2027-09-01T12:00:00Z")

    ada = Registrant.objects.get()
    assert (ada.reminders, ada.news_mails) == (False, False)
    assert (ada.calendar_mails, ada.undeliverable_at) == (True, None)


def test_report_with_a_wrong_key_changes_nothing(report):
    make_confirmed(make_day())

    with pytest.raises(SuspiciousOperation):  # Django answers 400
        report(key="user:guess", RecordType="Bounce", Type="HardBounce", ID=1, BouncedAt="2027-09-01T12:00:00Z")

    assert Registrant.objects.get().undeliverable_at is None


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b"[]", b'"x"', b"[1]", b"null", b"{}"])
@pytest.mark.parametrize("provider", ["postmark", "sparkpost", "mailjet"])
def test_a_report_that_cannot_be_read_is_refused_or_means_nothing(provider, body, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}
    headers = {"Authorization": f"Basic {b64encode(b'user:secret').decode()}"}
    request = RequestFactory().post("/mail-events/", body, content_type="application/json", headers=headers)

    try:
        status = tracking_view(provider)(request).status_code
    except BadRequest:  # Django answers 400
        status = 400

    assert status == 400 or (status == 200 and json.loads(body) in ([], {}, None, [1], "x"))


def test_each_provider_has_a_secret_that_the_start_asks_for():
    known = {
        pattern.name.removesuffix("_tracking_webhook") for pattern in urls.urlpatterns if "tracking" in pattern.name
    }

    assert set(PROOFS) == known - {"sendinblue"}  # the old name of brevo


def test_unknown_provider_is_said_at_the_start():
    with pytest.raises(LookupError):
        tracking_view("pigeons")
