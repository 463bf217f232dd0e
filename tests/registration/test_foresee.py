"""Before an organiser's act: how many people hear of it, who, and the mails as they will read them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration import links
from registration.letters.previews import as_preview
from registration.letters.writing import write_letter
from registration.models import OutboxMessage, PlannedAct, Registrant, Registration
from registration.services import day_changes, planned_acts
from registration.services.broadcasts.reach import SAMPLE
from registration.services.day_changes import call_off
from registration.services.person import set_calendar_mails
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, the_registration
from tests.support.admin import act, act_on_page

pytestmark = pytest.mark.django_db

REGISTRATIONS = "admin:registration_registration_changelist"
PEOPLE = "admin:registration_registrant_changelist"
DAY = "admin:conference_day_change"
WHY = "The hall is under water."


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


def everything_has_left():
    OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)


def make_crowd(days):
    """Make people whose mails differ: with and without invites, on a day or two, in line, not confirmed, in French."""
    first, second, _third = days
    first.capacity = 3
    first.save()
    crowd = [make_confirmed(first, name="Ada"), make_confirmed(first, second, name="Bob", language="fr")]
    crowd.append(make_confirmed(first, name="Cleo", time_zone="Asia/Tokyo"))
    set_calendar_mails(crowd[-1], wanted=False)
    crowd.append(make_confirmed(first, name="Dan", time_zone="Africa/Nairobi"))  # waits
    crowd.append(make_pending(first, name="Eve", language="es"))
    crowd.append(make_confirmed(second, name="Flo", carer_name="Gus"))
    everything_has_left()
    return crowd


def let_it_happen():
    """Let the worker do what was asked for, and tell people of it."""
    PlannedAct.objects.update(due_at=timezone.now())
    while planned_acts.carry_on(now=timezone.now()):
        pass
    while day_changes.tell_news(now=timezone.now() + 2 * day_changes.TELL_AFTER):
        pass


def without_links(preview):
    """What a mail says, with one and the same address for each link."""
    return [
        preview.language,
        preview.subject,
        *(re.sub(r"https?://[^\s\"<]+", "URL", text) for text in (preview.text, preview.html)),
    ]


def read_by(person, since):
    """The mails to a person that wait, as the worker writes them."""
    rows = OutboxMessage.objects.after(since).for_person(person).queued().order_by("pk")
    return [without_links(as_preview(write_letter(row, now=NOW), Registrant.objects.get(pk=person.pk))) for row in rows]


def call_off_first(days):
    call_off(days[0], now=NOW)
    while day_changes.tell_news(now=NOW + 2 * day_changes.TELL_AFTER):
        pass
    everything_has_left()


# What is asked, of how many of the crowd's people and mails, and how it begins.
CASES = {
    "confirm": ("confirm_places", {}, None),
    "cancel": ("cancel_places", {}, None),
    "send again": ("send_again", {}, None),
    "move": ("move_places", {"to_day": 2}, None),
    "call off": ("call_days_off", {"why": WHY}, None),
    "restore": ("restore_days", {"why": WHY}, call_off_first),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "chosen", [("Ada", "Bob", "Cleo"), ("Dan", "Eve", "Flo"), ("Bob",), ("Cleo",), ("Dan",)], ids="-".join
)
def test_the_mails_shown_are_the_mails_sent(name, chosen, organiser, days):
    action, more, begin = CASES[name]
    crowd = make_crowd(days)
    if begin:
        begin(days)
    more = more | ({"to_day": days[more["to_day"]].pk} if "to_day" in more else {})
    if action.endswith(("days", "days_off")):
        address, rows = "admin:conference_day_changelist", days[:1]
        Registration.objects.exclude(registrant__name__in=chosen).delete()
    else:
        address, rows = REGISTRATIONS, list(Registration.objects.filter(registrant__name__in=chosen, day__number__lt=3))
    since = OutboxMessage.objects.newest_key()

    words, page = act(organiser, address, action, *rows, **more)
    if words:  # nothing to do for these
        assert words[0].startswith("Nothing was")
        return
    mail_summary = page.context["mail_summary"]
    number = dict(page.context["kept"])["number"]
    act(organiser, address, action, *rows, **more, post="yes", number=number)
    let_it_happen()

    sent = OutboxMessage.objects.after(since).queued()
    at_all = {person.name: read_by(person, since) for person in crowd if sent.for_person(person).exists()}
    if mail_summary is None:
        assert at_all == {}
        return
    up = 1 if any("moves up" in words for words in mail_summary.sentences) else 0
    told = {name: mails for name, mails in at_all.items() if name in chosen}
    assert len(at_all) - len(told) == up
    people = len(told)
    mails = sum(len(read) for read in told.values())
    people_words = f"{people} {'person gets' if people == 1 else 'people get'}"
    assert mail_summary.sentences[0] == f"{people_words} {'a mail' if mails == people else f'{mails} mails'}."
    by_reader = {crowd_member.reader: crowd_member.name for crowd_member in crowd}
    shown = {
        by_reader[letters[0].reader]: [without_links(one) for one in letters]
        for letters in mail_summary.readers.letters
    }
    assert shown == {name: told[name] for name in shown}
    assert len(shown) == min(3, people)
    if "why" in more:
        assert all(any(WHY in text for *_rest, text, _html in letters) for letters in shown.values())


def test_no_link_in_what_is_shown_works(organiser, days):
    make_crowd(days)

    _words, page = act(organiser, REGISTRATIONS, "send_again", *Registration.objects.all())

    openers = {
        "join": links.registration_by_join_token,
        "my": lambda token: links.registrant_by_token("my", token),
        "confirm": lambda token: links.registrant_by_token("confirm", token),
    }
    found = set()
    for letter in [letter for letters in page.context["mail_summary"].readers.letters for letter in letters]:
        for purpose, token in re.findall(r"/(my|join|confirm)/([\w-]{20,})/", letter.html + letter.text):
            found.add(purpose)
            with pytest.raises(links.BadToken):
                openers[purpose](token)
    assert found >= {"join", "my"}


def test_the_page_shows_the_number_the_names_and_the_mails_before_its_button(organiser, days):
    rows = [the_registration(make_confirmed(days[0], name=f"Person {letter}"), days[0]) for letter in "abcdefg"]
    Registrant.objects.filter(name="Person g").update(undeliverable_at=NOW)

    _words, page = act(organiser, REGISTRATIONS, "cancel_places", *rows)

    text = " ".join(page.text.split())
    order = [
        "<h1>Cancel 7 registrations, and write to 7 people?</h1>",
        "Nothing has happened yet.",
        "7 people get a mail.",
        "1 of them has an address that does not work.",
        "Person a, Person b, Person c, Person d, Person e and 2 more.",
        "See all 7",
        ">Person g</a>",
        "The mail as Person a reads it, in Toronto",
        "The mail as Person c reads it, in Toronto",
        "Yes, cancel 7 registrations and write to 7 people",
        "Nothing happens for ten minutes. Until then you can take it back.",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_sentence_of_the_organiser_is_shown_in_the_mail_before_it_goes(organiser, days):
    make_confirmed(days[0])
    address = reverse(DAY, args=[days[0].pk])
    data = {"CHANGE_FORM-action": "call_days_off", "_selected_action": [days[0].pk], "post": "yes", "number": 1}

    page = organiser.post(address, data | {"why": WHY, "look": "1"})

    assert page.context["title"] == "Call off, and write to 1 person?"
    assert f'value="{WHY}"' in page.text
    assert WHY in page.context["mail_summary"].readers.letters[0][0].html
    assert not Day.objects.get(pk=days[0].pk).is_called_off


def test_a_question_that_writes_to_nobody_shows_no_mail(organiser, days):
    row = the_registration(make_pending(days[0]), days[0])

    _words, page = act(organiser, REGISTRATIONS, "cancel_places", row)
    _words, day_page = act_on_page(organiser, DAY, days[1], "call_days_off")

    assert (page.context["mail_summary"], day_page.context["mail_summary"]) == (None, None)
    assert page.context["title"] == "Cancel 1 registration?"
    for one in (page, day_page):
        assert "Who gets a mail" not in one.text
        assert "Why?" not in one.text


def test_who_may_see_no_names_sees_the_numbers_alone(client, days):
    make_confirmed(days[0], name="Zenobia")
    client.force_login(make_staff("Program"))

    _words, page = act_on_page(client, DAY, days[0], "call_days_off")

    assert page.context["mail_summary"].sentences == ["1 person gets a mail."]
    assert page.context["mail_summary"].readers is None
    assert "Zenobia" not in page.text


@pytest.mark.parametrize("number", [1, 2, 3])
def test_as_many_move_up_as_get_a_place(number, organiser, days):
    days[0].capacity = 2
    days[0].save()
    people = [make_confirmed(days[0], name=name, now=NOW + timedelta(minutes=at)) for at, name in enumerate("ABCDEF")]
    rows = [the_registration(person, days[0]) for person in people[3 - number : 3]]  # C waits
    since = OutboxMessage.objects.newest_key()

    _words, page = act(organiser, REGISTRATIONS, "cancel_places", *rows)
    act(organiser, REGISTRATIONS, "cancel_places", *rows, post="yes", number=number)
    let_it_happen()

    up = OutboxMessage.objects.after(since).queued().of_kind("place").count()
    said = [words for words in page.context["mail_summary"].sentences if "waiting list" in words]
    assert up == number - 1
    assert len(said) == bool(up)
    assert all(f"{up} p" in words for words in said)


def make_many(days, number):
    """Put people on days by a few statements."""
    person = make_confirmed(*days)
    model = the_registration(person, days[0])
    people = Registrant.objects.bulk_create(
        Registrant(
            conference=person.conference,
            name=f"Person {at}",
            name_key=f"person {at}",
            email=f"p{at}@example.org",
            email_key=f"p{at}@example.org",
            time_zone=("America/Toronto", "Asia/Tokyo", "")[at % 3],
            created_at=NOW,
            verified_at=NOW,
        )
        for at in range(number)
    )
    Registration.objects.bulk_create(
        Registration(
            registrant=one,
            day=day,
            status=model.status,
            created_at=NOW,
            confirmed_at=NOW,
            is_invited=True,
            invited_starts_at=day.starts_at,
            invited_ends_at=day.ends_at,
        )
        for one in people
        for day in days
    )


@pytest.mark.parametrize(
    "action", ["cancel_places", "send_again", "move_places", "confirm_places", "call_days_off", "restore_days"]
)
def test_the_page_asks_at_most_twenty_queries_however_many_people(
    action, organiser, days, django_assert_max_num_queries
):
    make_many(days[:2], 2 * SAMPLE)
    Day.objects.update(capacity=3 * SAMPLE)
    more = {"to_day": days[2].pk, "select_across": 1}
    if action == "confirm_places":
        Registration.objects.update(status="pending", confirmed_at=None, is_invited=False)
    if action.endswith(("days", "days_off")):
        address, rows = "admin:conference_day_changelist", days[:1]
    else:
        address, rows = REGISTRATIONS, [Registration.objects.first()]
    if action == "restore_days":
        call_off_first(days)
    act(organiser, address, action, *rows, **more)  # what is kept by the process

    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0} | more
    with django_assert_max_num_queries(20):
        page = organiser.post(reverse(address), data)

    assert page.context["mail_summary"].readers.names.endswith("more.")
    assert page.context["mail_summary"].readers.everyone == []
    assert page.context["mail_summary"].readers.url
    assert len(page.context["mail_summary"].readers.letters) == 3
