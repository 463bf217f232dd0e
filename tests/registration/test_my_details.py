"""What people change about themselves on their own pages: details, what they need, mails and calendar titles."""

import pytest

from registration import links
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from registration.services.day_changes import call_off
from registration.services.errors import AlreadySignedUp
from registration.services.person import change_details, set_calendar_mails, set_neutral_titles
from registration.status import MailKind, NeedState
from tests.factories import NOW, make_confirmed, make_pending, make_program, the_registration

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Ada the Second",
    "carer_name": "Bob",
    "country": "JP",
    "time_zone": "Asia/Tokyo",
}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def path(registrant, page=""):
    return f"/my/{links.token('my', registrant)}/{page}"


def private(registrant):
    """The page with all that we hold about a person, which comes by mail and works for a day."""
    return f"/private/{links.private_token(registrant, now=NOW)}/"


def mails(*kinds):
    return OutboxMessage.objects.of_kind(*kinds)


# --- Details ---------------------------------------------------------------------------------------------------------


def test_details_show_what_we_know_and_keep_what_is_changed(client, days):
    ada = make_confirmed(days[0], carer_name="Eve")

    shown = client.get(path(ada, "details/")).text
    response = client.post(path(ada, "details/"), TYPED)

    assert 'value="Ada"' in shown
    assert 'value="Eve"' in shown
    assert "Your details are saved." in client.get(response["Location"]).text
    ada.refresh_from_db()
    assert {name: getattr(ada, name) for name in TYPED} == TYPED
    assert Registrant.objects.for_edition(ada.conference).with_address(ada.email).named("ADA the second").get() == ada


def test_details_with_a_mistake_keep_all_that_was_typed(client, days):
    ada = make_confirmed(days[0])

    response = client.post(path(ada, "details/"), TYPED | {"name": "", "time_zone": "Mars/Olympus"})

    assert response.status_code == 422
    assert 'value="Bob"' in response.text
    assert "Enter a name." in response.text
    ada.refresh_from_db()
    assert (ada.name, ada.carer_name) == ("Ada", "")


def test_name_of_another_person_at_the_address_is_refused_in_words(client, days):
    ada = make_confirmed(days[0])
    make_confirmed(days[0], name="Bob", email=ada.email)

    response = client.post(path(ada, "details/"), TYPED | {"name": "bob"})

    assert response.status_code == 422
    assert "Someone with this name has already signed up with your address." in response.text
    assert 'value="Bob"' in response.text


def test_other_spelling_of_the_own_name_is_no_clash(days):
    ada = make_confirmed(days[0])

    change_details(ada, details={"name": "ADA"})

    assert Registrant.objects.get().name == "ADA"


def test_service_changes_nothing_else(days):
    ada = make_confirmed(days[0])
    make_confirmed(days[0], name="Bob", email=ada.email)

    with pytest.raises(ValueError, match="email"):
        change_details(ada, details={"email": "eve@example.org"})
    with pytest.raises(AlreadySignedUp):
        change_details(ada, details={"name": "Bob", "country": "JP"})

    ada.refresh_from_db()
    assert (ada.name, ada.email, ada.country) == ("Ada", "ada@example.org", "CA")


# --- Needs -----------------------------------------------------------------------------------------------------------


def test_need_goes_to_the_access_team_at_once_and_once(client, days):
    ada = make_confirmed(days[0])

    for _press in range(2):
        response = client.post(path(ada, "needs/"), {"needs": "More time", "consent": "on"})

    need = AccessRequest.objects.get()
    assert (need.words, need.state, need.registrant) == ("More time", NeedState.NEW, ada)
    page = client.get(response["Location"]).text
    assert "The access team will read this." in page
    assert "More time" not in page  # it may be a forwarded link: what they told us is behind one more mail
    assert f'href="{path(ada, "needs/told/")}"' in page


def test_nobody_is_asked_what_they_need_once_the_conference_is_over(client, days, machine_clock):
    ada = make_confirmed(days[0])
    machine_clock.move_to(days[-1].ends_at)

    page, form = client.get(path(ada)).text, client.get(path(ada, "needs/")).text
    sent = client.post(path(ada, "needs/"), {"needs": "More time", "consent": "on"})

    assert "Tell the access team" not in page + form + sent.text
    assert "Tell the organisers" in page
    assert "The conference is over." in form
    assert (sent.status_code, AccessRequest.objects.count()) == (409, 0)


def test_nobody_is_asked_what_they_need_when_only_a_day_that_is_called_off_is_left(client, days, machine_clock):
    ada = make_confirmed(days[0])
    call_off(days[-1], now=NOW)
    machine_clock.move_to(days[-2].ends_at)

    page, form = client.get(path(ada)).text, client.get(path(ada, "needs/")).text

    assert "Tell the access team" not in page + form
    assert "The conference is over." in form


@pytest.mark.parametrize(
    ("typed", "error"),
    [({"needs": "More time"}, "Tick this box"), ({"consent": "on"}, "Write what you need.")],
)
def test_need_without_consent_or_words_is_not_kept(client, days, typed, error):
    ada = make_confirmed(days[0])

    response = client.post(path(ada, "needs/"), typed)

    assert response.status_code == 422
    assert error in response.text
    assert typed.get("needs", "") in response.text
    assert not AccessRequest.objects.exists()


def test_page_says_what_became_of_each_need(client, days):
    ada = make_confirmed(days[0], needs="More time")
    AccessRequest.objects.update(state=NeedState.ARRANGED, answer="You have all day.")

    page = client.get(private(ada)).text

    assert "It is arranged." in page
    assert "You have all day." in page


def test_need_is_deleted_when_its_person_says_so(client, days):
    ada, bob = make_confirmed(days[0], needs="More time"), make_confirmed(days[0], name="Bob", needs="Less")
    of_ada, of_bob = AccessRequest.objects.for_person(ada).get(), AccessRequest.objects.for_person(bob).get()

    for number in (of_ada.pk, of_bob.pk, "x", "9" * 30):
        assert client.post(private(ada), {"take-back": number}).status_code == 302

    assert AccessRequest.objects.get() == of_bob


# --- Mails and calendar ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "on", "field", "after_off"),
    [
        ("reminders-off", "reminders-on", "reminders", False),
        ("calendar-mails-off", "calendar-mails-on", "calendar_mails", False),
        ("neutral-titles-on", "neutral-titles-off", "neutral_titles", True),
    ],
)
def test_switch_has_its_way_back_on_the_next_page(client, days, off, on, field, after_off):
    ada = make_confirmed(days[0])

    page = client.get(client.post(path(ada), {"action": off})["Location"]).text
    ada.refresh_from_db()
    changed = getattr(ada, field)
    client.post(path(ada), {"action": on})
    ada.refresh_from_db()

    assert "Undo" in page
    assert page.count(f'value="{on}"') == 2  # in the notice, and in its section
    assert (changed, getattr(ada, field)) == (after_off, not after_off)


def test_neutral_titles_reach_the_calendar_as_a_newer_version(days):
    days[0].title = "Boost your skills"
    days[0].save()
    ada = make_confirmed(days[0], days[2])
    OutboxMessage.objects.all().delete()

    count = set_neutral_titles(ada, wanted=True, now=NOW)
    repeated = set_neutral_titles(ada, wanted=True, now=NOW)

    assert (count, repeated, mails(MailKind.INVITE).count()) == (2, 0, 2)
    assert [the_registration(ada, day).invite_sequence for day in (days[0], days[2])] == [1, 1]


@pytest.mark.parametrize("had_invite", [True, False])
def test_neutral_titles_reach_entries_that_are_there_also_where_invites_were_stopped(had_invite, client, days):
    ada = make_confirmed(days[0])
    if not had_invite:
        Registration.objects.update(is_invited=False)
    OutboxMessage.objects.all().delete()
    set_calendar_mails(ada, wanted=False)

    page = client.get(client.post(path(ada), {"action": "neutral-titles-on"})["Location"]).text

    assert [(row.kind, row.sequence) for row in OutboxMessage.objects.all()] == [(MailKind.INVITE, 1)] * had_invite
    assert ("We are emailing an update" in page) == had_invite
    assert "Your calendar no longer shows the topic." in page


def test_links_to_calendars_on_the_page_are_neutral_too(client, days):
    days[0].title = "Boost your skills"
    days[0].save()
    ada = make_confirmed(days[0])

    set_neutral_titles(ada, wanted=True, now=NOW)

    assert "text=PxP+Day+1&amp;" in client.get(path(ada, "calendar/")).text


def test_pages_do_not_open_before_the_person_confirmed(client, days):
    ada = make_pending(days[0])

    for page in ("details/", "needs/", "data/", "delete/"):
        assert client.get(path(ada, page)).status_code == 404
