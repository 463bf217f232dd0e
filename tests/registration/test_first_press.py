"""Sign-up is right on the first press: name, address and a day are enough, and what is optional refuses nothing."""

from datetime import timedelta

import pytest

from registration import links
from registration.forms.cities import CityField
from registration.models import AccessRequest, OutboxMessage, Question, Registrant, Registration
from registration.services.days import confirm
from tests.factories import NOW, make_announced_date, make_program
from tests.letters import text_of

pytestmark = pytest.mark.django_db

LANGUAGES = [
    "en-US,en;q=0.9",
    "en-CA",
    "en-AU",
    "pt-BR",
    "es-ES,es",
    "en",
    "de-DE",
    "ja",
    "ar-EG",
    "fr-CA",
    "hi-IN",
    "",
]
TYPED = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def days(db):
    made = list(make_program(sessions=0).days.with_conference().order_by("number"))
    for day in made:
        make_announced_date(day, "Europe, Africa, North and South America", date=day.starts_at.date())
        make_announced_date(day, position=1)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_name_and_address_alone_are_enough(client, days, language):
    shown = client.get("/register/day-1/", headers={"accept-language": language}).context["form"]
    ticked = {"days": shown["days"].value(), "time_zone": shown["time_zone"].value()}

    sent = client.post("/register/day-1/", TYPED | ticked, headers={"accept-language": language})

    assert sent.status_code == 302
    ada = Registrant.objects.get()
    assert (ada.time_zone, ada.country, ada.clock) == ("", "", None)
    assert [row.day.number for row in Registration.objects.for_person(ada)] == [1]


@pytest.mark.parametrize(
    "typed",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "x" * 5000},
        {"carer_name": "B" * 500},
        {"carer_name": "..."},
        {"carer_name": "https://example.org"},
        {"needs": "More time. " * 800},
        {"country": "XX", "whom": "me", "roles": ["x"], "consent": ""},
    ],
)
def test_what_is_optional_refuses_nothing(client, days, typed):
    assert client.post("/register/", TYPED | {"days": ["2"]} | typed).status_code == 302


def test_your_own_name_never_refuses_and_is_kept(client, days):
    client.post("/register/", TYPED | {"days": ["1"], "carer_name": "Bob"})

    assert Registrant.objects.get().reader == "Bob"


def test_zone_of_the_link_is_used_and_shown_with_a_way_to_change_it(client, days):
    page = client.get("/register/day-1/?tz=Asia/Calcutta")

    assert "Kolkata time." in page.text
    assert page.context["form"]["time_zone"].value() == "Asia/Kolkata"


def test_zone_gives_the_country(client, days):
    client.post("/register/", TYPED | {"days": ["1"], "time_zone": "America/Toronto"})

    assert Registrant.objects.get().country == "CA"


def test_without_a_zone_the_form_shows_the_dates_of_both_regions(client, days):
    page = client.get("/register/").text

    assert "Sunday 12 September, 19:00 to 22:00\u00a0UTC</time>" in page
    assert "Monday 13</time> in Asia and Oceania" in page


def test_mails_of_a_person_without_a_zone_say_both_dates_and_utc(client, days):
    client.post("/register/", TYPED | {"days": ["1"]})
    texts = [text_of(OutboxMessage.objects.get())]
    confirm(Registrant.objects.get(), now=NOW)
    texts.append(text_of(OutboxMessage.objects.latest("pk")))

    for text in texts:
        words = " ".join(text.split())
        assert "Sunday 12 September in Europe, Africa, North and South America" in words
        assert "Monday 13 September in Asia and Oceania" in words
        assert "Sunday 12 September, 19:00 to 22:00 UTC" in words


def test_pages_of_a_person_without_a_zone_say_both_dates_and_utc(client, days):
    client.post("/register/", TYPED | {"days": ["1"]})
    ada = Registrant.objects.get()
    shown = client.get(links.confirm_url(ada)).text
    confirm(ada, now=NOW)
    page = client.get(links.my_url(ada)).text

    for words in (shown, page):
        assert "Sunday 12 September, 19:00 to 22:00\u00a0UTC" in words
        assert "Monday 13</time>" in words
        assert "in Asia and Oceania" in words
        assert "or Monday 13 September" not in words
    assert "See the times where you are" in page


def test_questions_that_need_no_answer_come_after_confirming(client, days):
    must = Question.objects.create(conference=days[0].conference, label="Which language?", is_required=True)
    Question.objects.create(conference=days[0].conference, label="How did you hear of us?")

    page = client.get("/register/").text

    assert "Which language?" in page
    assert "How did you hear of us?" not in page
    assert client.post("/register/", TYPED | {"days": ["1"], f"question_{must.pk}": "French"}).status_code == 302


def test_needs_are_read_once_the_person_confirms_and_no_box_is_asked_for(client, days):
    client.post("/register/", TYPED | {"days": ["1"], "needs": "More time"})
    before = AccessRequest.objects.get().state
    later = NOW + timedelta(minutes=5)
    confirm(Registrant.objects.get(), now=later)

    asked = AccessRequest.objects.get()
    assert (before, asked.state, asked.consented_at) == ("unconfirmed", "new", later)


def test_list_of_cities_holds_whatever_is_chosen():
    drawn = CityField().widget.render("time_zone", "America/Boise", {"id": "id_time_zone"})

    assert drawn.count("selected") == 1
    assert '<option value="America/Boise" selected>Boise' in drawn
    assert "Boise" not in CityField().widget.render("time_zone", "", {})
