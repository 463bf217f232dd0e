"""“Delete me” on a person's own page: the consequence first, then everything at once."""

import pytest
from django.utils import timezone

from conference.models import Conference
from registration import links
from registration.letters import outbox
from registration.models import OutboxMessage, Registrant
from registration.services.days import cancel
from registration.services.erase import erase
from registration.status import MailKind, Status
from tests.factories import NOW, make_confirmed, make_program, the_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def path(registrant, page=""):
    return f"/my/{links.token('my', registrant)}/{page}"


def private(registrant, page=""):
    return f"/private/{links.private_token(registrant, now=NOW)}/{page}"


def test_page_leads_to_deleting(client, days):
    ada = make_confirmed(days[0])

    assert f'href="{path(ada, "delete/")}"' in client.get(path(ada)).text


def test_consequence_is_said_before_anything_happens(client, days):
    ada = make_confirmed(days[0], days[2])

    page = client.get(private(ada, "delete/")).text

    assert "This cancels: Day 1, Day 3" in " ".join(page.split())
    assert "One last email tells you" in page
    assert "first cancel your days" in page
    assert Registrant.objects.get() == ada


def test_someone_without_days_is_told_nothing_about_days(client, days):
    ada = make_confirmed(days[0])
    cancel(the_registration(ada, days[0]), now=NOW)

    page = client.get(private(ada, "delete/")).text

    assert "goes to" not in page
    assert "first cancel" not in page


def test_button_deletes_at_once_and_the_place_goes_on(client, days):
    days[0].capacity = 1
    days[0].save()
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], name="Bob")
    address = path(ada)

    response = client.post(private(ada, "delete/"))

    assert response["Location"] == "/deleted/"
    assert Registrant.objects.get() == bob
    assert the_registration(bob, days[0]).status == Status.CONFIRMED
    assert client.get(address).status_code == 404


def test_last_page_knows_nobody(client, days):
    response = client.get("/deleted/")

    assert response.status_code == 200
    assert "Your data is deleted" in response.text


def test_last_page_is_there_also_while_no_conference_is_public(client, days):
    ada = make_confirmed(days[0])
    Conference.objects.update(is_published=False)

    page = client.post(f"/private/{links.private_token(ada, now=timezone.now())}/delete/", follow=True)

    assert (page.status_code, page.redirect_chain[-1][0]) == (200, "/deleted/")
    assert "Your data is deleted" in page.text
    assert not Registrant.objects.exists()


def test_no_mail_that_waits_names_who_is_deleted(days):
    bob, ada = (
        make_confirmed(days[0], name="Bob", email="two@example.org"),
        make_confirmed(days[0], email="two@example.org"),
    )
    outbox.queue_link("two@example.org", days[0].conference, now=NOW)
    link = OutboxMessage.objects.of_kind(MailKind.LINK).get()
    OutboxMessage.objects.only_row(link).update(registrant=bob)

    erase(ada, now=NOW)

    link.refresh_from_db()
    assert link.state == "withdrawn"
