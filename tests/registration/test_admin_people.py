"""People and mails in the organisers' admin: found, corrected, exported, deleted; what the Access team alone sees."""

import csv
import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from conference.models import Day
from registration import links
from registration.addresses import key_of_address, key_of_name
from registration.groups import ACCESS_TEAM, ORGANISERS
from registration.letters import outbox
from registration.letters.outbox import try_again
from registration.models import AccessRequest, Farewell, OutboxMessage, Registrant
from registration.services.by_hand import add_by_organiser
from registration.services.corrections import correct_details
from registration.services.days import cancel
from registration.services.errors import AlreadySignedUp
from registration.status import MailKind, MailState, NeedState
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, person, the_registration
from tests.letters import text_of

pytestmark = pytest.mark.django_db

PEOPLE = "admin:registration_registrant_changelist"
PERSON = "admin:registration_registrant_change"
NEED = "A quiet room for my oxygen machine"


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


def found(client, list_name, **asked):
    """The rows that a list shows."""
    return list(client.get(reverse(list_name, query=asked)).context["cl"].result_list)


def names(rows):
    return sorted(row.name for row in rows)


# --- Lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["zoë", "ZOË", "o'brien søn", "Zoe-1@Example.org", "søn zoë"])
def test_a_person_is_found_by_any_spelling_of_name_and_address(asked, organiser, days):
    make_confirmed(days[0], name="Zoë O'Brien Søn", email="zoe-1@example.org")
    make_confirmed(days[0], name="Bob")

    assert names(found(organiser, PEOPLE, q=asked)) == ["Zoë O'Brien Søn"]
    assert len(found(organiser, "admin:registration_registration_changelist", q=asked)) == 1
    assert {
        mail.registrant.name for mail in found(organiser, "admin:registration_outboxmessage_changelist", q=asked)
    } == {"Zoë O'Brien Søn"}


def test_a_search_for_nobody_says_so(organiser, days):
    make_confirmed(days[0])

    response = organiser.get(reverse(PEOPLE, query={"q": "nobody%"}))

    assert "Nothing matches your search and filters." in response.text


@pytest.mark.parametrize(
    "typed",
    [
        "søn zoe",
        "Zoë O'Brien",
        "Zoe O’Brien-Søn",
        "o`brien",
        "zoe@example.org",
        "Zoë O'Brien <ZOE@example.org>",
        "<zoe@example.org>",
        "mailto:zoe@example.org",
        "zoe@example.org,",
    ],
)
def test_a_person_is_found_however_the_name_is_typed(typed, organiser, days):
    make_confirmed(days[0], name="Zoë O'Brien-Søn", email="zoe@example.org")
    make_confirmed(days[0], name="Bob")

    assert names(found(organiser, PEOPLE, q=typed)) == ["Zoë O'Brien-Søn"]


def test_people_are_filtered_by_one_registration(organiser, days):
    make_confirmed(days[0], name="Ada")
    make_pending(days[0], name="Bob")
    eve = make_confirmed(days[0], days[1], name="Eve")
    cancel(the_registration(eve, days[0]), now=NOW)
    first, second = days[0].pk, days[1].pk

    assert names(found(organiser, PEOPLE, day=first)) == ["Ada", "Bob"]
    assert names(found(organiser, PEOPLE, day=first, status="cancelled")) == ["Eve"]
    assert names(found(organiser, PEOPLE, day=second, status="cancelled")) == []
    assert names(found(organiser, PEOPLE, status="confirmed")) == ["Ada", "Eve"]


def test_people_are_filtered_by_country_language_and_address(organiser, days):
    make_confirmed(days[0], name="Ada", country="NZ")
    make_pending(days[0], name="Bob", country="", time_zone="Asia/Tokyo")

    assert names(found(organiser, PEOPLE, country="NZ")) == ["Ada"]
    assert names(found(organiser, PEOPLE, country="none")) == ["Bob"]
    assert names(found(organiser, PEOPLE, language="en")) == ["Ada", "Bob"]
    assert names(found(organiser, PEOPLE, language="fr")) == []
    assert names(found(organiser, PEOPLE, address="confirmed")) == ["Ada"]
    assert names(found(organiser, PEOPLE, address="unconfirmed")) == ["Bob"]
    assert names(found(organiser, PEOPLE, conference=days[0].conference_id)) == ["Ada", "Bob"]


def test_countries_are_offered_by_name_and_only_those_in_use(organiser, days):
    make_confirmed(days[0], name="Ada", country="NZ")

    page = organiser.get(reverse(PEOPLE))

    assert "New Zealand" in page.text
    assert "Canada" not in page.text


# --- A person's page -------------------------------------------------------------------------------------------------


def form_of(person, **changes):
    """What the form of a person sends when nothing but `changes` is typed."""
    unchanged = {
        "name": person.name,
        "email": person.email,
        "country": person.country,
        "time_zone": person.time_zone,
        "language": person.language,
        "roles": person.roles,
        "role_words": person.role_words,
        "calendar_mails": "on",
        "_continue": "1",
    }
    return unchanged | changes


def save(client, person, **changes):
    return client.post(reverse(PERSON, args=[person.pk]), form_of(person, **changes))


def agree_and_save(client, person, **changes):
    """Save; where the page asks first, say yes."""
    name, value = save(client, person, **changes).context["yes"]
    return save(client, person, **{name: value}, **changes)


def test_a_new_address_is_asked_about_before_anybody_gets_a_mail(organiser, days):
    person = make_confirmed(days[0])
    before = OutboxMessage.objects.newest_key()

    page = save(organiser, person, email="ada.new@example.org")

    person.refresh_from_db()
    assert page.context["questions"] == [
        "They get all their mails again, at ada.new@example.org. Links that went to ada@example.org stop working.",
        "One last mail to ada@example.org says that the address has changed.",
    ]
    assert 'value="ada.new@example.org"' in page.text
    assert person.email == "ada@example.org"
    assert not OutboxMessage.objects.after(before).exists()


def test_a_corrected_name_keeps_its_key_and_the_links(organiser, days):
    person = make_confirmed(days[0])
    before = OutboxMessage.objects.newest_key()
    link = links.my_url(person)

    save(organiser, person, name="Ada  Søn", roles=["patient", "researcher"], time_zone="asia/calcutta")

    person.refresh_from_db()
    assert (person.name, person.name_key, person.roles) == ("Ada Søn", "ada son", ["patient", "researcher"])
    assert person.time_zone == "Asia/Kolkata"
    assert links.my_url(person) == link
    assert not OutboxMessage.objects.after(before).exists()


@pytest.mark.parametrize(
    ("stored", "value", "words"),
    [
        ("America/Vancouver", "America/Vancouver", "Vancouver, Canada"),
        ("Asia/Calcutta", "Asia/Kolkata", "Kolkata, India"),
        ("Etc/GMT+5", "Etc/GMT+5", "UTC−5"),
        ("", "", "not known"),
    ],
)
def test_a_clock_is_chosen_by_the_name_of_a_place_and_stays_where_nobody_touches_it(
    stored, value, words, organiser, days
):
    person = make_confirmed(days[0])
    Registrant.objects.filter(pk=person.pk).update(time_zone=stored)

    page = organiser.get(reverse(PERSON, args=[person.pk]))
    save(organiser, person, name="Ada Søn", time_zone=value)

    assert re.search(f'<option value="{re.escape(value)}" selected>\\s*{words}', page.text)
    assert "America/Toronto" not in re.sub(r'value="[^"]*"', "", page.text)
    person.refresh_from_db()
    assert (person.name, person.time_zone) == ("Ada Søn", stored)


def test_a_new_address_ends_the_old_links_and_sends_everything_there(organiser, days):
    person = make_confirmed(days[0])
    old_link = links.token("my", person)

    response = agree_and_save(organiser, person, email="Ada.New@example.org")

    person.refresh_from_db()
    words = [str(message) for message in get_messages(response.wsgi_request)]
    assert words[0] == "The links that went to the old address do not work any more. New mails go to the new one."
    assert (person.email, person.email_key) == ("Ada.New@example.org", "ada.new@example.org")
    with pytest.raises(links.BadToken):
        links.registrant_by_token("my", old_link)
    [told, *rest] = OutboxMessage.objects.queued().order_by("to_email")[::-1]
    assert {mail.to_email for mail in rest} == {"Ada.New@example.org"}
    assert (told.to_email, told.kind) == ("ada@example.org", MailKind.NOTE)  # that mails go elsewhere now, and no link


def test_mails_that_an_old_address_refused_are_not_sent_there_again(organiser, days):
    person = make_confirmed(days[0])
    OutboxMessage.objects.update(state=MailState.DEAD, finished_at=NOW, last_error="550 nobody here")

    agree_and_save(organiser, person, email="ada.new@example.org")

    assert not any(try_again(mail, now=NOW) for mail in OutboxMessage.objects.all())
    queued = OutboxMessage.objects.queued().exclude(kind=MailKind.NOTE)
    assert {mail.to_email for mail in queued} == {"ada.new@example.org"}
    assert "was given up." not in organiser.get(reverse("admin:index")).text


def test_the_same_address_in_other_letters_is_no_new_one(organiser, days):
    person = make_confirmed(days[0])
    link = links.my_url(person)

    save(organiser, person, email="ADA@example.org")

    person.refresh_from_db()
    assert (person.email, links.my_url(person)) == ("ADA@example.org", link)


def test_a_name_and_address_of_someone_else_is_an_error_in_the_form(organiser, days):
    make_confirmed(days[0], name="Bob")
    ada = make_confirmed(days[0])

    response = save(organiser, ada, name=" BOB ", email="Bob@example.org")

    assert response.context["adminform"].form.non_field_errors() == [
        "Someone with this name and address is here already: it is the same person."
    ]
    ada.refresh_from_db()
    assert ada.name == "Ada"


@pytest.mark.parametrize("typed", ["\ufdfa" * 100, "...", "\u202e"], ids=["long key", "dots", "invisible"])
def test_a_name_that_no_form_takes_is_an_error_here_too(organiser, days, typed):
    ada = make_confirmed(days[0])

    response = save(organiser, ada, name=typed)

    assert list(response.context["adminform"].form.errors) == ["name"]
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_a_name_is_kept_without_what_nobody_sees(organiser, days):
    ada = make_confirmed(days[0])

    save(organiser, ada, name="Ada \u202eenola")

    ada.refresh_from_db()
    assert ada.name == "Ada enola"


def test_a_name_and_address_taken_a_moment_ago_is_no_server_error(days):
    make_confirmed(days[0], name="Bob")
    ada = make_confirmed(days[0])

    with pytest.raises(AlreadySignedUp):
        correct_details(ada, details={"name": "Bob", "email": "bob@example.org"}, now=NOW)

    ada.refresh_from_db()
    assert (ada.name_key, ada.email_key) == (key_of_name("Ada"), key_of_address("ada@example.org"))


def test_what_organisers_may_not_correct_is_refused(days):
    with pytest.raises(ValueError, match="verified_at"):
        correct_details(make_pending(days[0]), details={"verified_at": NOW}, now=NOW)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": "  "}, {"name": ["Enter a name."]}),
        ({"email": "nobody"}, {"email": ["The @ is missing. Enter the whole email address, like name@example.org."]}),
        ({"time_zone": "Mars"}, {"time_zone": ["Choose a city."]}),
        ({"country": "XX"}, {"country": ["Select a valid choice. XX is not one of the available choices."]}),
    ],
)
def test_a_mistake_in_a_persons_form_is_said(changes, errors, organiser, days):
    person = make_confirmed(days[0])

    response = save(organiser, person, **changes)

    assert response.context["adminform"].form.errors == errors


def test_deleting_a_person_for_good_asks_first_and_leaves_no_history(organiser, days):
    person = make_confirmed(days[0], needs=NEED)
    save(organiser, person, name="Ada Søn")
    data = {"CHANGE_FORM-action": "erase_person", "_selected_action": [person.pk]}
    url = reverse(PERSON, args=[person.pk])

    page = organiser.post(url, data)

    assert page.context["sentences"][0].startswith("This deletes Ada Søn at once")
    assert Registrant.objects.only_row(person).exists()
    response = organiser.post(url, data | {"post": "yes"})
    assert response["Location"] == reverse(PEOPLE)
    assert not Registrant.objects.only_row(person).exists()
    assert not LogEntry.objects.filter(object_repr__contains="Ada").exists()


@pytest.mark.parametrize("address", ["confirmed", "not confirmed", "dead"])
def test_deleting_a_person_says_who_gets_a_mail(address, organiser, days):
    make_person = make_pending if address == "not confirmed" else make_confirmed
    person = make_person(days[0])
    days[0].capacity = 1
    days[0].save()
    for name in ("Bob", "Cleo"):
        make_confirmed(days[0], name=name)  # Bob waits for Ada's place, if she has one; Cleo waits too
    if address == "dead":
        Registrant.objects.only_row(person).update(undeliverable_at=NOW)
    url = reverse(PERSON, args=[person.pk])
    data = {"CHANGE_FORM-action": "erase_person", "_selected_action": [person.pk]}
    since = OutboxMessage.objects.newest_key()

    told, *more = organiser.post(url, data).context["sentences"][1:-1]
    organiser.post(url, data | {"post": "yes"})

    assert told.startswith("One last mail tells them." if address == "confirmed" else "They get no mail: ")
    assert Farewell.objects.count() == (address == "confirmed")
    moves_up = "A place comes free: 1 person moves up from the waiting list, and gets a mail too."
    assert more == ([] if address == "not confirmed" else [moves_up])
    assert OutboxMessage.objects.after(since).of_kind("place").count() == len(more)


# --- Filters ---------------------------------------------------------------------------------------------------------


def test_people_whom_organisers_added_can_be_listed_alone(organiser, days):
    make_confirmed(days[0])
    add_by_organiser(days[0].conference, person=person("Bob"), days=days[:1], now=NOW)

    listed = {
        value: [row.name for row in organiser.get(reverse(PEOPLE), {"added_by": value}).context["cl"].result_list]
        for value in ("organiser", "person", "nonsense")
    }

    assert listed == {"organiser": ["Bob"], "person": ["Ada"], "nonsense": ["Bob", "Ada"]}
    assert "added by" in organiser.get(reverse(PEOPLE)).text.lower()


# --- Exports ---------------------------------------------------------------------------------------------------------


def test_the_table_of_people_is_read_back_as_it_was_typed(organiser, days):
    eve = make_pending(days[0], name='=HYPERLINK("http://evil")', email="eve@example.org", role_words='+1; "a"\nb')
    ada = make_confirmed(days[0], days[1], name="Zoë, O'Brien", email="ada@example.org", needs=NEED, roles=["patient"])
    cancel(the_registration(ada, days[1]), now=NOW)
    bob, _rows = add_by_organiser(days[0].conference, person=person("Bob"), days=days[:1], now=NOW)

    response = organiser.post(
        reverse(PEOPLE), {"action": "download_table", "_selected_action": [eve.pk, ada.pk, bob.pk], "index": 0}
    )
    text = response.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    by_email = {row["Email"]: row for row in rows}
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert by_email["ada@example.org"] == {
        "Name": "Zoë, O'Brien",
        "Signed up by": "",
        "Email": "ada@example.org",
        "Country": "Canada",
        "Time zone": "America/Toronto",
        "Language of mails": "en",
        "Roles": "Patient or person with lived experience",
        "Role in their own words": "",
        "Signed up (UTC)": "2027-09-01T12:00:00Z",
        "Address confirmed (UTC)": "2027-09-01T12:00:00Z",
        "Address has not worked since (UTC)": "",
        "Added by an organiser": "",
        "PxP 2027, Day 1": "Confirmed",
        "PxP 2027, Day 2": "Cancelled",
        "PxP 2027, Day 3": "",
        "PxP 2027, Day 1: came (UTC)": "",
        "PxP 2027, Day 2: came (UTC)": "",
        "PxP 2027, Day 3: came (UTC)": "",
    }
    assert by_email["bob@example.org"]["Added by an organiser"] == "yes"
    assert by_email["eve@example.org"]["Name"] == '\'=HYPERLINK("http://evil")'
    assert by_email["eve@example.org"]["Role in their own words"] == '\'+1; "a"\nb'
    assert NEED not in text


# --- The outbox ------------------------------------------------------------------------------------------------------


def test_no_page_shows_a_mails_text_or_a_personal_link(organiser, days):
    person = make_pending(days[0])
    mail = OutboxMessage.objects.get()
    token = links.token("confirm", person)
    assert token in text_of(mail)

    for url in (
        reverse("admin:registration_outboxmessage_changelist"),
        reverse("admin:registration_outboxmessage_change", args=[mail.pk]),
        reverse("admin:registration_outboxmessage_history", args=[mail.pk]),
        reverse(PERSON, args=[person.pk]),
    ):
        assert token not in organiser.get(url).text


def test_a_mail_that_was_given_up_is_tried_again(organiser, days):
    make_pending(days[0])
    make_pending(days[0], name="Bob")
    dead, waiting = OutboxMessage.objects.order_by("pk")
    OutboxMessage.objects.only_row(dead).update(state=MailState.DEAD, finished_at=NOW, attempts=9, last_error="550 no")

    response = organiser.post(
        reverse("admin:registration_outboxmessage_changelist"),
        {
            "action": "try_mails_again",
            "_selected_action": [dead.pk, waiting.pk],
            "index": 0,
            "post": "yes",
            "number": 1,
        },
    )

    words = [str(message) for message in get_messages(response.wsgi_request)]
    dead.refresh_from_db()
    assert words == ["1 mail waits to be sent again, 1 was not given up."]
    assert (dead.state, dead.attempts) == (MailState.QUEUED, 0)


def test_a_mail_has_no_form(organiser, days):
    make_pending(days[0])
    mail = OutboxMessage.objects.get()

    response = organiser.post(
        reverse("admin:registration_outboxmessage_change", args=[mail.pk]), {"to_email": "eve@example.org", "_save": 1}
    )

    mail.refresh_from_db()
    assert (response.status_code, mail.to_email) == (403, "ada@example.org")


def test_the_link_to_a_persons_mails_shows_theirs_alone(organiser, days):
    ada = make_confirmed(days[0])
    make_confirmed(days[0], name="Bob")
    outbox.queue_link(ada.email, ada.conference, now=NOW)

    mails = found(organiser, "admin:registration_outboxmessage_changelist", registrant=ada.pk)

    assert {mail.registrant for mail in mails} == {ada}
    assert MailKind.LINK in {mail.kind for mail in mails}


# --- What people need ------------------------------------------------------------------------------------------------


def pages_about(person):
    """Each page that shows something of a person, and those that show access requests."""
    request = AccessRequest.objects.for_person(person).get()
    row = the_registration(person, person.registrations.first().day)
    yield reverse("admin:index")
    yield reverse("admin:app_list", args=["registration"])
    yield reverse(PEOPLE)
    yield reverse(PEOPLE, query={"q": "oxygen"})
    for page in ("change", "history"):
        yield reverse(f"admin:registration_registrant_{page}", args=[person.pk])
        yield reverse(f"admin:registration_registration_{page}", args=[row.pk])
        yield reverse(f"admin:registration_accessrequest_{page}", args=[request.pk])
    yield reverse("admin:registration_accessrequest_changelist")
    yield reverse("admin:registration_accessrequest_delete", args=[request.pk])


@pytest.mark.parametrize("rights", [{}, {"is_superuser": True}], ids=["organiser", "superuser"])
def test_nobody_outside_the_access_team_sees_that_or_what_someone_asked(rights, client, days):
    person = make_confirmed(days[0], needs=NEED)
    client.force_login(make_staff(ORGANISERS, **rights))

    for url in pages_about(person):
        response = client.get(url)

        assert response.status_code == (403 if "accessrequest" in url else 200), url
        assert "my oxygen" not in response.text, url
        assert "ccess request" not in response.text, url


def test_the_access_team_reads_requests_and_says_how_far_it_is(client, days):
    person = make_confirmed(days[0], needs=NEED)
    request = AccessRequest.objects.for_person(person).get()
    client.force_login(make_staff(ACCESS_TEAM))
    url = reverse("admin:registration_accessrequest_change", args=[request.pk])

    assert NEED in client.get(reverse("admin:registration_accessrequest_changelist")).text
    assert NEED in client.get(url).text
    client.post(url, {"state": "in_hand", "_save": "1"})

    request.refresh_from_db()
    assert request.state == NeedState.IN_HAND
    assert client.get(reverse(PEOPLE)).status_code == 403


def test_a_request_waits_unread_until_the_person_confirms(client, days):
    request = AccessRequest.objects.for_person(make_pending(days[0], needs=NEED)).get()
    client.force_login(make_staff(ACCESS_TEAM))

    assert NEED not in client.get(reverse("admin:registration_accessrequest_changelist")).text
    assert client.get(reverse("admin:registration_accessrequest_change", args=[request.pk])).status_code == 302


def test_a_request_leaves_no_word_in_the_history(client, days):
    person = make_confirmed(days[0], needs=NEED)
    request = AccessRequest.objects.for_person(person).get()
    client.force_login(make_staff(ACCESS_TEAM))

    client.post(reverse("admin:registration_accessrequest_change", args=[request.pk]), {"state": "arranged"})

    entry = LogEntry.objects.get()
    assert "oxygen" not in entry.object_repr + entry.change_message
    assert "Ada" not in entry.object_repr + entry.change_message


def test_filters_offer_the_countries_and_languages_in_use_each_once(organiser, days):
    for name, country, language in (("Ada", "CA", "fr"), ("Bob", "CA", "en"), ("Cy", "JP", "fr"), ("Dee", "", "en")):
        make_pending(days[0], name=name, country=country, language=language)
    make_pending(make_program(slug="2028", days=1, sessions=0).days.get(), name="Eve", country="BR", language="es")

    assert Registrant.objects.values_in_use("country") == ["", "BR", "CA", "JP"]
    assert Registrant.objects.values_in_use("language") == ["en", "es", "fr"]
