"""Access needs: what we offer to everyone, until when to ask, and the Access team's work on requests."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from conference.models import Day
from registration import links
from registration.groups import ACCESS_TEAM, LEADS, ORGANISERS
from registration.models import AccessRequest, OutboxMessage
from registration.services.errors import AnswerIsMissing, NotConfirmed
from registration.services.needs import answer_need, set_need_state
from registration.status import MailKind, NeedState
from tests.factories import NOW, make_conference, make_confirmed, make_pending, make_program, make_staff
from tests.letters import letter_of
from tests.support.admin import act, messages_of

pytestmark = pytest.mark.django_db

NEED = "A quiet room for my oxygen machine"
ANSWER = "You get a room of your own.\n\nWrite to us if that is not enough. <3"
LIST = "admin:registration_accessrequest_changelist"


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


@pytest.fixture
def request_of_ada(days):
    return AccessRequest.objects.for_person(make_confirmed(days[0], needs=NEED)).get()


@pytest.fixture
def team(client):
    client.force_login(make_staff(ACCESS_TEAM))
    return client


def save(client, access_request, **fields):
    address = reverse("admin:registration_accessrequest_change", args=[access_request.pk])
    return client.post(address, {"state": "new", "answer": ""} | fields)


def notes():
    return OutboxMessage.objects.of_kind(MailKind.NOTE)


# --- Services --------------------------------------------------------------------------------------------------------


def test_a_new_answer_is_mailed_once(request_of_ada):
    first = answer_need(request_of_ada, state=NeedState.ARRANGED, answer=ANSWER, now=NOW)
    again = answer_need(request_of_ada, state=NeedState.ARRANGED, answer=f"  {ANSWER}\n", now=NOW)
    silent = answer_need(request_of_ada, state=NeedState.IN_HAND, answer="", now=NOW)

    assert (again, silent) == (None, None)
    assert [mail.pk for mail in notes()] == [first.pk]
    request_of_ada.refresh_from_db()
    assert (request_of_ada.state, request_of_ada.answer) == (NeedState.IN_HAND, "")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (NeedState.NEW, "You told us what you need to take part."),
        (NeedState.IN_HAND, "We are working on it."),
        (NeedState.ARRANGED, "We have arranged it."),
        (NeedState.CANNOT_BE_MET, "We are sorry: we cannot arrange it as you asked."),
    ],
)
def test_the_mail_holds_the_answer_and_nothing_of_the_request(state, words, request_of_ada):
    mail = answer_need(request_of_ada, state=state, answer=ANSWER, now=NOW)

    message = letter_of(mail)
    text = message.get_body(["plain"]).get_content().replace("\r\n", "\n")
    html = message.get_body(["html"]).get_content()
    assert (message["To"], message["Subject"]) == ("Ada <ada@example.org>", "A message from PxP for you")
    assert words in text
    assert words in " ".join(html.split())
    assert ANSWER in text
    assert "<p>You get a room of your own.</p>" in html
    assert "not enough. &lt;3</p>" in html
    assert "oxygen" not in text + html


def test_nothing_is_answered_before_the_person_confirms(days):
    waiting = AccessRequest.objects.for_person(make_pending(days[0], needs=NEED)).get()

    with pytest.raises(NotConfirmed):
        answer_need(waiting, state=NeedState.ARRANGED, answer=ANSWER, now=NOW)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer, notes().count()) == (NeedState.UNCONFIRMED, "", 0)


def test_the_same_words_with_the_form_for_another_day_are_one_request(days, request_of_ada):
    answer_need(request_of_ada, state=NeedState.ARRANGED, answer=ANSWER, now=NOW)

    make_confirmed(days[1], needs=NEED)
    make_confirmed(days[2], needs=f"{NEED} too")

    assert [(row.words, row.state) for row in AccessRequest.objects.all()] == [
        (NEED, NeedState.ARRANGED),
        (f"{NEED} too", NeedState.NEW),
    ]


def test_nobody_is_told_no_without_a_word(request_of_ada):
    with pytest.raises(AnswerIsMissing):
        answer_need(request_of_ada, state=NeedState.CANNOT_BE_MET, answer=" \n", now=NOW)
    with pytest.raises(AnswerIsMissing):
        set_need_state(request_of_ada, NeedState.CANNOT_BE_MET, now=NOW)

    request_of_ada.refresh_from_db()
    assert request_of_ada.state == NeedState.NEW


def test_a_state_alone_sends_nothing_and_keeps_the_answer(request_of_ada):
    answer_need(request_of_ada, state=NeedState.IN_HAND, answer=ANSWER, now=NOW)
    count = OutboxMessage.objects.count()

    done = [set_need_state(request_of_ada, NeedState.CANNOT_BE_MET, now=NOW) for _time in range(2)]

    request_of_ada.refresh_from_db()
    assert done == [True, False]
    assert (request_of_ada.state, request_of_ada.answer) == (NeedState.CANNOT_BE_MET, ANSWER)
    assert OutboxMessage.objects.count() == count


# --- The team's pages ------------------------------------------------------------------------------------------------


def test_the_team_answers_and_is_told_that_it_was_mailed(team, request_of_ada):
    said = [messages_of(save(team, request_of_ada, state="arranged", answer=ANSWER)) for _time in range(2)]

    assert said[0][0] == "The person gets your answer by mail."
    assert "The person gets your answer by mail." not in said[1]
    assert notes().count() == 1


def test_the_page_asks_for_words_when_it_cannot_be_met(team, request_of_ada):
    response = save(team, request_of_ada, state="cannot")

    assert response.context["adminform"].form.errors == {
        "answer": ["Tell the person why, and what you can do instead."]
    }
    assert NEED in response.text


def test_several_requests_get_a_state_at_once(team, days, request_of_ada):
    other = AccessRequest.objects.for_person(make_confirmed(days[0], name="Bob", needs="Captions")).get()
    answer_need(other, state=NeedState.NEW, answer=ANSWER, now=NOW)

    assert act(team, LIST, "set_in_hand", request_of_ada, other)[0] == ["2 requests are now: In hand."]
    assert act(team, LIST, "set_arranged", request_of_ada)[0] == ["1 request is now: Arranged."]
    assert act(team, LIST, "set_cannot", request_of_ada, other)[0] == [
        "1 request is now: Cannot be met.",
        "1 has no answer yet. Open it, and tell the person why.",
    ]
    assert notes().count() == 1


def test_the_list_says_which_requests_came_in_time(team, days, request_of_ada, django_assert_max_num_queries):
    conference = days[0].conference
    conference.needs_by = NOW.date()
    conference.save()
    later = NOW + timedelta(days=3)
    AccessRequest.objects.for_person(make_confirmed(days[0], name="Bob", needs="Late", now=later)).get()

    with django_assert_max_num_queries(15):
        page = team.get(reverse(LIST, query={"state": "new"}))

    rows = {
        row.registrant.name: page.context["cl"].model_admin.is_in_time(row) for row in page.context["cl"].result_list
    }
    assert rows == {"Ada": True, "Bob": False}


def test_the_page_names_the_persons_days(team, request_of_ada):
    page = team.get(reverse("admin:registration_accessrequest_change", args=[request_of_ada.pk])).text

    assert "Day 1" in page
    assert "ada@example.org" in page
    assert ">None<" not in re.sub(r"\s", "", page)


def test_no_list_and_no_history_of_others_holds_answer_or_request(team, client, request_of_ada):
    messages_of(save(team, request_of_ada, state="arranged", answer=ANSWER))
    entry = LogEntry.objects.get()
    client.force_login(make_staff(ORGANISERS, username="other", is_superuser=True))
    person, mail = request_of_ada.registrant, notes().get()
    addresses = [
        reverse("admin:index"),
        reverse("admin:registration_registrant_change", args=[person.pk]),
        reverse("admin:registration_registrant_history", args=[person.pk]),
        reverse("admin:registration_outboxmessage_changelist"),
        reverse("admin:registration_outboxmessage_change", args=[mail.pk]),
    ]

    pages = [client.get(address).text for address in addresses]

    for text in [*pages, entry.object_repr, entry.change_message]:
        assert "oxygen" not in text
        assert "room of your own" not in text
    assert all("ccess request" not in page for page in pages)
    for name, args in (("changelist", []), ("change", [request_of_ada.pk]), ("history", [request_of_ada.pk])):
        assert client.get(reverse(f"admin:registration_accessrequest_{name}", args=args)).status_code == 403
    data = {"action": "set_arranged", "_selected_action": [request_of_ada.pk], "index": 0}
    assert client.post(reverse(LIST), data).status_code == 403


# --- What everybody reads --------------------------------------------------------------------------------------------


def words(response):
    return " ".join(response.text.split())


def test_form_leads_to_what_is_there_for_everybody(client, days):
    page = words(client.get("/register/"))

    assert page.index("What would help?") < page.index('<a class="near" href="/accessibility/">See what each session')


@pytest.mark.parametrize("address", ["/register/", "/accessibility/"])
def test_pages_say_until_when_to_tell_us(address, client, days):
    conference = days[0].conference
    said = {}
    for by in (None, date(2999, 8, 30), date(2020, 8, 30)):
        conference.needs_by = by
        conference.save()
        said[by] = words(client.get(address))

    assert "Tell us by" not in said[None]
    assert "Tell us by Friday 30 August 2999, so we have time to arrange it." in said[date(2999, 8, 30)]
    assert "The date to tell us was Sunday 30 August 2020. Tell us anyway" in said[date(2020, 8, 30)]


def test_own_page_asks_nobody_to_hurry_after_that_date(client, days):
    address = f"/my/{links.token('my', make_confirmed(days[0]))}/needs/"
    conference = days[0].conference
    said = []
    for by in (date(2999, 8, 30), date(2020, 8, 30)):
        conference.needs_by = by
        conference.save()
        said.append(words(client.get(address)))

    assert "Tell us by Friday 30 August 2999, so we have time to arrange it." in said[0]
    assert "Tell us by" not in said[1]
    assert "The date to tell us was Sunday 30 August 2020. Tell us anyway" in said[1]


@pytest.mark.parametrize(
    ("instant", "is_in_time"),
    [(datetime(2027, 8, 31, 11, 59, tzinfo=UTC), True), (datetime(2027, 8, 31, 12, tzinfo=UTC), False)],
)
def test_a_date_lasts_until_it_is_over_everywhere(instant, is_in_time):
    conference = make_conference(needs_by=date(2027, 8, 30))

    assert conference.takes_needs_at(instant) is is_in_time


# --- Nobody is there to read it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "rights", "leads"),
    [(ORGANISERS, {}, False), (LEADS, {}, True), (ORGANISERS, {"is_superuser": True}, True)],
    ids=["organiser", "lead", "superuser"],
)
def test_who_is_not_on_the_team_hears_why_and_what_to_do(group, rights, leads, client):
    person = make_confirmed(make_program(days=1).days.get(), needs="my oxygen")
    request = AccessRequest.objects.for_person(person).get()
    client.force_login(make_staff(group, **rights))

    for page in ("changelist", "change", "history", "delete"):
        args = [] if page == "changelist" else [request.pk]
        response = client.get(reverse(f"admin:registration_accessrequest_{page}", args=args))

        assert response.status_code == 403
        assert "only the Access team reads it" in response.text
        assert "Nobody is on the Access team now" in response.text
        assert ("Ask a lead organiser" in response.text) == (not leads)
        assert (f'<a class="button" href="{reverse("admin:team")}">' in response.text) == leads
        assert "oxygen" not in response.text


def test_needs_that_nobody_reads_are_the_first_thing_to_do(client):
    make_confirmed(make_program(days=1).days.get(), needs="my oxygen")
    client.force_login(make_staff(ORGANISERS))
    title = "Nobody is on the Access team"

    first = client.get(reverse("admin:index")).context["notices"][0]
    make_staff(ACCESS_TEAM, username="reader")
    later = client.get(reverse("admin:index")).context["notices"]

    assert (first.title, first.sentence) == (title, "1 person told us what they need.")
    assert first.url == reverse("admin:registration_accessrequest_changelist")
    assert later[0].title == "1 person asked for help and has no answer"
    assert "Only the Access team, reader, can read what they need." in later[0].sentence
    assert title not in [notice.title for notice in later]
