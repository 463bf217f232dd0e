"""The pages of sign-up, as a browser without script asks for them."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from conference.models import raise_content_version
from conference.site.edition import Edition
from registration.forms import SignUpForm
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration, SpentMail
from registration.services.lost_link import answer_link_requests
from registration.templatetags.registration_tags import sign_up_options
from registration.views import slow_down
from tests.factories import (
    NOW,
    make_announced_date,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    make_program,
    make_session,
)

pytestmark = pytest.mark.django_db

TYPED = {"name": "Ada", "email": "ada@example.org", "days": ["1", "3"], "country": "JP", "time_zone": ""}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def headers_without_receipt(response):
    """The answer's headers; of the sealed address of the next page only its length, for addresses of one length."""
    sealed = response["Location"].removeprefix("/register/thanks/")
    return str(sorted(response.items())).replace(sealed, "")


# --- The form --------------------------------------------------------------------------------------------------------


def test_form_opens_with_nothing_chosen(client, days):
    response = client.get("/register/")

    assert response.status_code == 200
    assert response.context["form"]["days"].value() == []
    assert "<title>Sign up – PxP</title>" in response.text
    assert not response.cookies


@pytest.mark.parametrize("number", [1, 2, 3])
def test_short_link_chooses_its_day(client, days, number):
    response = client.get(f"/register/day-{number}/")

    assert response.context["form"]["days"].value() == [str(number)]


@pytest.mark.parametrize("path", ["/register/day-4/", "/register/day-0/", "/register/day-x/"])
def test_link_to_no_day_is_not_found(client, days, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("language", ["fr-CA,fr;q=0.8", "en-US", "de", "*", ""])
def test_form_is_the_same_for_every_browser(client, days, language):
    asked, plain = (client.get("/register/", headers=head) for head in ({"accept-language": language}, {}))

    assert asked.text == plain.text


def test_form_shows_hours_in_the_zone_of_the_address(client, days):
    response = client.get("/register/?tz=Asia/Tokyo")

    assert "Monday 13 September, 04:00" in response.text
    assert "Tokyo time." in response.text


def test_form_says_what_places_are_left(client, days):
    for day, capacity in zip(days, (1, 3, None), strict=True):
        day.capacity = capacity
        day.save()
    make_confirmed(days[0], days[1])

    page = client.get("/register/").text

    assert page.count("This day is full. You can join its waiting list.") == 1
    assert page.count("2 places left.") == 1


def test_program_says_whether_a_day_can_be_had(client, days):
    days[0].capacity = 0
    days[0].save()

    full = client.get("/program/day-1/").text
    assert "Join the waiting list for Day 1" in full
    assert "This day is full." in full
    assert "You can join its waiting list." not in full  # the button says so
    assert "Sign up for Day 2" in client.get("/program/day-2/").text


@pytest.mark.parametrize("path", ["/register/", "/register/day-1/", "/register/all/"])
def test_no_link_of_the_form_throws_away_what_was_typed_for_an_empty_form(client, days, path):
    page = client.get(path).text

    assert 'href="/register/"' not in page
    assert '<a class="button' not in page


def test_description_of_the_form_has_no_blank_before_a_stop(client, days):
    (said,) = re.findall(r'<meta name="description" content="([^"]*)"', client.get("/register/").text)

    assert not re.search(r"\s[.,]", said)
    assert said.startswith("Sign up for PxP. Online")


def test_form_is_kept_by_shared_caches(client, days):
    response = client.get("/register/")

    assert response["Cache-Control"] == "public, max-age=60"


def test_form_costs_few_queries(client, days, django_assert_num_queries):
    for day in days:
        make_announced_date(day)

    with django_assert_num_queries(4):  # edition, days, their dates, the questions
        client.get("/register/")


def test_access_page_says_which_sessions_are_not_like_their_day(client):
    conference = make_conference()
    for number in (1, 2):
        day = make_day(conference, number, captions="yes", sign_language="no")
        make_session(day, 1, sign_language="yes" if number == 1 else "")
        make_session(day, 2, sign_language="yes", captions="no", breaks="yes")
        make_session(day, 3, captions="yes", access_note="Materials come in French too.")

    said = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd>(Day [^<]+)</dd>", client.get("/accessibility/").text))

    assert said == {
        "Sign language: Yes": "Day 1: sessions 1 and 2; Day 2: session 2",
        "Live captions: No": "Day 1: session 2; Day 2: session 2",
        "Breaks: Yes": "Day 1: session 2; Day 2: session 2",
        "More about access": "Day 1: session 3; Day 2: session 3",
    }


# --- Sending it ------------------------------------------------------------------------------------------------------


def test_sending_signs_up_and_leads_to_the_next_step(client, days):
    response = client.post("/register/", TYPED | {"needs": "More time"})

    assert (response.status_code, "/register/thanks/" in response["Location"]) == (302, True)
    ada = Registrant.objects.get()
    assert [row.day.number for row in Registration.objects.for_person(ada).pending()] == [1, 3]
    assert AccessRequest.objects.get().words == "More time"
    assert OutboxMessage.objects.queued().count() == 1
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "Check your email" in page.text
    assert "ada@example.org" in page.text.replace("<wbr>", "")


def test_thanks_need_no_cookie_and_set_none(days):
    response = Client().get("/register/thanks/")

    assert response.status_code == 200
    assert not response.cookies


def test_mistake_is_answered_422_with_all_that_was_typed(client, days):
    typed = {
        "name": "Zoë O'Brien & Søn",
        "email": "zoe",
        "days": ["2"],
        "time_zone": "America/Halifax",
        "carer_name": "Bob",
        "needs": "More time\nA quiet line",
    }

    response = client.post("/register/day-1/", typed)

    assert response.status_code == 422
    assert "<title>Error: Sign up for Day 1 – PxP</title>" in response.text
    assert response.text.index('class="error-summary"') < response.text.index("<h1")
    assert '<a href="#id_email">' in response.text
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert Registrant.objects.count() == 0


def test_link_in_the_summary_leads_to_the_first_day(client, days):
    response = client.post("/register/", TYPED | {"days": []})

    assert '<a href="#id_days_0">' in response.text
    assert 'id="id_days_0"' in response.text


def test_asking_for_other_times_is_no_mistake_and_loses_nothing(client, days):
    typed = {"name": "Ada", "days": ["1", "3"], "time_zone": "Asia/Tokyo", "needs": "More time"}

    response = client.post("/register/", typed | {"places": "1"})

    assert response.status_code == 200
    assert "Monday 13 September, 04:00" in response.text
    assert "error" not in response.text.partition("<main")[2].lower()
    assert {name: response.context["form"][name].value() for name in typed} == typed
    assert Registrant.objects.count() == 0


def test_sending_twice_is_harmless(client, days):
    for _again in range(2):
        assert client.post("/register/", TYPED).status_code == 302

    assert (Registrant.objects.count(), Registration.objects.count()) == (1, 2)
    assert OutboxMessage.objects.queued().count() == 1


def test_known_and_unknown_addresses_cost_as_many_statements(client, days, django_assert_num_queries):
    """How long they take is measured by tests/load/same_answer.py."""
    make_confirmed(days[0], email="ada@example.org")
    typed = {"name": "Ada", "days": ["1"], "time_zone": "Europe/London"}
    client.post("/register/", typed | {"email": "warm@example.com"})
    numbers = []

    for email in ("ada@example.org", "nobody@example.net"):
        with django_assert_num_queries(100, exact=False) as queries:
            assert client.post("/register/", typed | {"email": email}).status_code == 302
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_known_and_unknown_addresses_get_the_same_answer(client, days):
    make_confirmed(*days, name="Ada", email="verified@example.org")
    make_pending(days[0], name="Ada", email="waiting@example.org")

    answers = [
        client.post("/register/", TYPED | {"email": f"{who}@example.org"}) for who in ("verified", "waiting", "unknown")
    ]
    mistakes = [
        client.post("/register/", TYPED | {"email": f"{who}@example.org", "name": ""}).text.replace(who, "")
        for who in ("verified", "waiting", "unknown")
    ]

    assert len({(answer.status_code, answer.content, headers_without_receipt(answer)) for answer in answers}) == 1
    assert len(set(mistakes)) == 1


def test_day_that_ended_while_the_page_was_open_says_so(client, db):
    conference = make_conference()
    make_day(conference, 1, starts_at=NOW - timedelta(hours=4))
    make_day(conference, 2, starts_at=NOW + timedelta(days=1))

    response = client.post("/register/", TYPED | {"days": ["1"]})

    assert response.status_code == 422
    assert "Day 1 is over. Choose another day." in response.text


# --- Closed ----------------------------------------------------------------------------------------------------------


def test_sign_up_after_the_conference_says_so_and_what_one_can_do(client, db):
    make_day(make_conference(slug="2020"), starts_at=datetime(2020, 9, 12, 19, tzinfo=UTC))

    page, sent = client.get("/register/"), client.post("/register/", TYPED)

    assert (page.status_code, sent.status_code) == (200, 422)
    for response in (page, sent):
        assert "Day 1 is over." in response.text
        assert "See the program" in response.text
    assert Registrant.objects.count() == 0


def test_sign_up_before_it_opens_says_when(client, db):
    make_day(make_conference(sign_up_opens_at=datetime(2027, 9, 5, 12, tzinfo=UTC)))

    response = client.get("/register/?tz=Asia/Tokyo")

    words = "Sign-up for Day 1 opens on Sunday 5 September 2027 at 21:00, Tokyo time (UTC+9)."
    assert re.search(r"<h1>\s*Sign-up is not open yet\s*</h1>", response.text)
    assert words in response.text


def test_days_whose_sign_up_opens_at_one_time_say_it_once(client, db):
    conference = make_conference(sign_up_opens_at=datetime(2027, 9, 5, 12, tzinfo=UTC))
    first, _second = make_day(conference, 1), make_day(conference, 2)
    of_all = "Sign-up opens on Sunday 5 September 2027 at 21:00, Tokyo time (UTC+9)."

    for address in ("/register/", "/"):
        page = client.get(f"{address}?tz=Asia/Tokyo").text
        assert page.count(of_all) == 1
        assert "Sign-up for Day" not in page
    first.sign_up_opens_at = datetime(2027, 9, 4, 12, tzinfo=UTC)
    first.save()
    raise_content_version(now=NOW)
    page = client.get("/register/?tz=Asia/Tokyo").text
    assert "Sign-up for Day 1 opens on Saturday 4 September" in page
    assert "Sign-up for Day 2 opens on Sunday 5 September" in page


def test_an_edition_that_is_not_the_current_one_has_no_way_in_and_no_reason_for_it(days):
    edition = Edition(days[0].conference, make_conference(slug="2028"), NOW)

    options = sign_up_options({"edition": edition}, days)

    assert (options.url, options.why) == ("", "")


def test_form_of_a_conference_that_is_over_signs_nobody_up_for_the_next(client, days, machine_clock):
    opened = re.search(r'name="opened" value="([^"]+)"', client.get("/register/day-1/").text)[1]
    next_year = make_conference(slug="2028")
    make_day(next_year, starts_at=days[0].starts_at + timedelta(days=365))
    machine_clock.move_to(days[-1].ends_at + timedelta(days=20))
    typed = {"name": "Ada", "email": "ada@example.org", "days": ["1"], "opened": opened}

    refused = client.post("/register/day-1/", typed)

    assert refused.status_code == 422
    assert "The conference that this form was for is over. Choose days of the next one." in refused.text
    assert 'value="ada@example.org"' in refused.text
    assert " checked" not in refused.text
    assert not Registrant.objects.exists()
    again = re.search(r'name="opened" value="([^"]+)"', refused.text)[1]
    assert client.post("/register/day-1/", typed | {"opened": again}).status_code == 302
    assert Registrant.objects.get().conference == next_year


def test_sign_up_without_a_conference_is_not_found(client, db):
    assert client.get("/register/").status_code == 404


def test_sign_up_for_a_conference_without_days_says_so(client, db):
    make_conference()

    response = client.get("/register/")

    assert response.status_code == 200
    assert "The days are not announced yet." in response.text
    assert re.search(r"<h1>\s*Sign-up is not open yet\s*</h1>", response.text)
    assert "Times are provisional" not in client.get("/program/").text


# --- Lost link -------------------------------------------------------------------------------------------------------


def test_lost_link_says_the_same_to_everybody(client, days):
    make_confirmed(days[0], email="verified@example.org")
    make_pending(days[0], email="waiting@example.org")
    OutboxMessage.objects.all().delete()

    addresses = [f"{who}@example.org" for who in ("verified", "waiting", "unknown")]
    answers = [client.post("/lost-link/", {"email": email}) for email in addresses]

    sealed = [answer["Location"] for answer in answers]
    for answer in answers:
        del answer["Location"]
    assert len({(answer.status_code, answer.content, str(sorted(answer.items()))) for answer in answers}) == 1
    pages = [client.get(path).text.replace(email, "") for path, email in zip(sealed, addresses, strict=True)]
    assert "Check your email" in pages[0]
    assert len(set(pages)) == 1
    assert answer_link_requests(now=NOW) == 3
    assert [(mail.kind, mail.to_email) for mail in OutboxMessage.objects.order_by("pk")] == [
        ("link", "verified@example.org"),
        ("please_confirm", "waiting@example.org"),
    ]


@pytest.mark.parametrize("path", ["/", "/how-to-join/", "/easy-read/", "/register/", "/2025/", "/nowhere/", "/my/x/"])
def test_every_page_leads_to_the_lost_link_as_our_words_say(client, days, path):
    make_conference(slug="2025")

    assert '<a href="/lost-link/">Lost your link?</a>' in client.get(path).text


def test_lost_link_shows_the_address_it_took_out_to_its_visitor_alone(client, days):
    response = client.post("/lost-link/?tz=Asia/Tokyo", {"email": "Jane Doe <Jane@Example.org>,"})

    path, _mark, query = response["Location"].partition("?")
    assert "jane" not in base64.urlsafe_b64decode(path.split("/")[2] + "==").decode("latin-1").lower()
    assert query == "tz=Asia/Tokyo"
    page = client.get(path)
    assert "<bdi>Jane@Example.org</bdi>" in page.text
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    for wrong in ("x", "x" * 200, thanks_token(client)):
        assert client.get(f"/lost-link/{wrong}/")["Location"] == "/lost-link/"
    assert client.get(path.replace("lost-link", "register/thanks"))["Location"] == "/register/thanks/"


def thanks_token(client):
    said = {"name": "Ada", "email": "ada@example.org", "days": ["1"], "time_zone": "Europe/London"}
    return client.post("/register/", said)["Location"].split("/")[3]


def test_lost_link_with_a_mistake_keeps_what_was_typed(client, days):
    response = client.post("/lost-link/", {"email": "ada"})

    assert response.status_code == 422
    assert "<title>Error: Lost your link? – PxP</title>" in response.text
    assert 'value="ada"' in response.text


# --- Limits ----------------------------------------------------------------------------------------------------------


def test_nobody_can_keep_another_person_from_signing_up(client, days):
    said = {"email": "ada@example.org", "days": ["1"], "country": "GB", "time_zone": "Europe/London"}
    for number in range(30):
        client.post("/register/", said | {"name": f"Eve {number}"})

    assert client.post("/register/", said | {"name": "Ada"}).status_code == 302
    assert Registrant.objects.filter(name="Ada").exists()


def test_sign_up_for_another_day_within_the_hour_gets_its_mail(client, days):
    said = {"name": "Ada", "email": "ada@example.org", "days": ["1"], "country": "GB", "time_zone": "Europe/London"}
    for number in ("1", "2"):
        client.post("/register/", said | {"days": [number]})
        OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)

    assert list(OutboxMessage.objects.values_list("kind", "state")) == [("please_confirm", "sent")] * 2
    assert Registrant.objects.get().registrations.count() == 2


def test_sign_up_by_a_program_that_fills_in_everything_is_told_to_empty_the_hidden_field(client, days):
    said = {"name": "Ada", "email": "ada@example.org", "days": ["1"], "country": "GB", "time_zone": "Europe/London"}

    response = client.post("/register/", said | {"leave_empty": "https://spam.example"})

    assert response.status_code == 422
    assert "Empty it and send again." in response.text
    assert not Registrant.objects.exists()


def test_sign_up_faster_than_a_person_is_asked_to_press_again_only_where_many_come_from(client, days, monkeypatch):
    monkeypatch.setattr(slow_down, "OPEN_FOR", [(4, 60), (3, 3)])
    said = {"days": ["1"], "country": "GB", "time_zone": "Europe/London", "role_words": "gardener"}

    answers = [
        client.post("/register/", said | {"name": f"A {number}", "email": f"a{number}@example.org"})
        for number in range(5)
    ]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 2
    assert [answer["Retry-After"] for answer in answers[3:]] == ["3", "60"]
    assert "Please press Sign up again in 60 seconds." in answers[-1].text
    assert 'value="a4@example.org"' in answers[-1].text


def test_forms_that_fail_count_too(client, days, monkeypatch):
    monkeypatch.setattr(slow_down, "OPEN_FOR", [(3, 3)])

    answers = [client.post("/register/", {"name": "Ada"}).status_code for _ in range(5)]

    assert answers == [422] * 3 + [429] * 2


def test_person_with_an_open_form_gets_through_a_flood(client, days, monkeypatch):
    monkeypatch.setattr(slow_down, "OPEN_FOR", [(0, 60)])
    said = {"name": "Ada", "email": "ada@example.org", "days": ["1"], "country": "GB", "time_zone": "Europe/London"}
    form = SignUpForm(days=days, now=NOW - timedelta(minutes=5))

    answer = client.post("/register/", said | {"opened": form["opened"].value()})

    assert answer.status_code == 302


def test_lost_link_says_when_the_last_mail_left_to_everybody_alike(client, days):
    make_confirmed(days[0])
    SpentMail.objects.all().delete()  # the sign-up was days ago
    answers = {}
    for email in ("ada@example.org", "nobody@example.org"):
        for _ in range(5):
            assert client.post("/lost-link/", {"email": email}).status_code == 302
            answer_link_requests(now=NOW)
            OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)
        answers[email] = client.post("/lost-link/", {"email": email})

    ada, nobody = (answers[email].text.replace(email, "") for email in answers)
    assert {answer.status_code for answer in answers.values()} == {429}
    assert "the last one left 1 minute ago. Its link works" in ada
    assert ada == nobody


def test_link_to_all_days_ticks_them_all(client, days):
    page = client.get("/register/all/").text

    assert page.count(" checked") == 3
    assert "<title>Sign up for all days – PxP</title>" in page


def test_older_link_to_all_days_leads_there_and_keeps_the_clock(client, days):
    response = client.get("/register/?days=all&tz=Asia/Tokyo&text=larger")

    assert (response.status_code, response["Location"]) == (302, "/register/all/?tz=Asia/Tokyo&text=larger")
