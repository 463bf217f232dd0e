"""My plan: sessions that a visitor picked, in the address and nowhere else."""

import re
from datetime import timedelta
from html import unescape

import pytest

from conference.templatetags.sharing_tags import length_words
from tests.factories import FIRST_DAY, NOW, make_conference, make_day, make_program, make_session

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PATH = "/program/my-plan/"


@pytest.fixture
def conference():
    """Two days: on the first, two sessions with times and one without; on the second, one without."""
    conference = make_conference()
    day = make_day(conference, 1, title="Boost your skills")
    for number in (1, 2):
        starts_at = FIRST_DAY + timedelta(hours=number - 1)
        make_session(day, number, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50))
    make_session(day, 3)
    make_session(make_day(conference, 2), 1, title="Something else")
    return conference


def main_of(response):
    html = response.text.partition("<main")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub("<[^>]+>", " ", html).split()))


def plan_of(response):
    """The words of the plan, without the form below it."""
    return main_of(response).partition("Change your plan")[0]


def test_everything_can_be_picked_before_anything_is(client, conference):
    html = client.get(PATH).text

    assert re.findall(r'name="pick" value="([^"]+)"', html) == [
        "day-1-session-1",
        "day-1-session-2",
        "day-1-session-3",
        "day-2-session-1",
    ]
    assert " checked" not in html
    assert "Keep your plan" not in html


def test_plan_holds_what_was_picked_in_the_order_of_the_program(client, conference):
    response = client.get(PATH, {"pick": ["day-2-session-1", "day-1-session-2"]})

    words = plan_of(response)
    assert words.index("Topic 2") < words.index("Something else")
    assert "Topic 1" not in words
    assert re.findall(r'value="([^"]+)"\s+checked', response.text) == ["day-1-session-2", "day-2-session-1"]


def test_plan_shows_times_on_the_visitor_s_clock(client, conference):
    words = plan_of(client.get(PATH, {"pick": "day-1-session-2", "tz": "Asia/Tokyo"}))

    assert "05:00 to 05:50" in words
    assert "Monday 13 September 2027, 04:00 to 07:00, Tokyo time (UTC+9)" in words


@pytest.mark.parametrize(
    ("picks", "words"),
    [
        (["day-1-session-1"], "You chose 1 session. Together: 50 minutes."),
        (["day-1-session-1", "day-1-session-2"], "You chose 2 sessions. Together: 1 hour 40 minutes."),
        (
            ["day-1-session-1", "day-1-session-3"],
            "You chose 2 sessions. Together: 50 minutes, and more: some times are not known yet.",
        ),
        (["day-1-session-3"], "You chose 1 session. Its length is to be announced."),
    ],
)
def test_plan_says_how_much_energy_it_takes(client, conference, picks, words):
    assert words in plan_of(client.get(PATH, {"pick": picks}))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (50, "50 minutes"), (60, "1 hour"), (100, "1 hour 40 minutes"), (121, "2 hours 1 minute")],
)
def test_length_is_said_in_words(minutes, words):
    assert length_words(minutes) == words


def test_address_of_the_plan_brings_it_back(client, conference):
    first = client.get(PATH, {"pick": ["day-2-session-1", "nonsense", "day-1-session-1"], "tz": "Asia/Tokyo"})

    address = unescape(re.search(r'<p class="address"><a href="([^"]+)">', first.text)[1])

    assert address == ("http://testserver/program/my-plan/?pick=day-1-session-1&pick=day-2-session-1&tz=Asia/Tokyo")
    again, warning = plan_of(client.get(address)), "1 session you chose is no longer on the program."
    assert again.partition("Day 1:")[2] == plan_of(first).partition("Day 1:")[2]
    assert (warning in plan_of(first), warning in again) == (True, False)


def test_what_is_not_on_the_program_any_more_is_said(client, conference):
    words = main_of(client.get(PATH, {"pick": ["day-1-session-9", "day-7-session-1", "day-1-session-1"]}))

    assert "2 sessions you chose are no longer on the program." in words


@pytest.mark.parametrize("pick", ["", "<script>alert(1)</script>", "day-1-session-1'--", "x" * 5000, "\0"])
def test_anything_else_in_the_address_does_no_harm(client, conference, pick):
    response = client.get(PATH, {"pick": pick})

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "Keep your plan" not in response.text


def test_day_that_is_called_off_says_so_in_the_plan(client, conference):
    conference.days.update(called_off_at=NOW)

    response = client.get(PATH, {"pick": "day-1-session-1"})

    assert "Day 1 is called off." in plan_of(response)
    assert "This day is called off." in main_of(response)


def test_plan_is_no_page_of_its_own_to_search_engines(client, conference):
    html = client.get(PATH, {"pick": "day-1-session-1"}).text

    assert '<link rel="canonical" href="http://testserver/program/my-plan/">' in html


def test_plan_needs_no_cookie(client, conference):
    assert "Set-Cookie" not in client.get(PATH, {"pick": "day-1-session-1"}).headers


def test_calendar_file_holds_what_was_picked(client, conference, node_ical):
    response = client.get("/program/my-plan.ics", {"pick": ["day-1-session-2", "day-2-session-1"]})

    events = [entry for entry in node_ical(response.content).values() if entry["type"] == "VEVENT"]
    assert [event["summary"] for event in events] == ["PxP Day 1: Topic 2", "PxP Day 2: Something else"]
    assert 'filename="pxp-2027-my-plan.ics"' in response["Content-Disposition"]


def test_there_is_no_calendar_file_of_nothing(client, conference):
    assert client.get("/program/my-plan.ics", {"pick": "day-9-session-9"}).status_code == 404


def test_plan_of_an_older_edition_stays_within_it(client, conference):
    make_session(make_day(make_conference(slug="2025"), starts_at=FIRST_DAY.replace(year=2025)), title="Back then")

    html = client.get("/2025/program/my-plan/", {"pick": "day-1-session-1"}).text

    assert 'href="http://testserver/2025/program/my-plan/?pick=day-1-session-1"' in html
    assert "Back then" in html


def test_length_of_a_plan_leaves_out_what_is_called_off(client):
    conference = make_conference()
    days = [make_day(conference, number) for number in (1, 2)]
    picks = [make_session(day, starts_at=day.starts_at, ends_at=day.ends_at - 2 * HOUR).slug for day in days]
    picks.append(make_session(days[1], 2).slug)

    days[1].called_off_at = NOW
    days[1].save()
    words = " ".join(re.sub("<[^>]+>", " ", client.get(PATH, {"pick": picks}).text).split())

    assert "You chose 3 sessions. Together: 1 hour. Your plan is saved" in words


def test_page_before_there_is_a_program_says_so(client):
    make_conference()

    assert "You can choose here once there are sessions." in client.get(PATH).text


def test_page_without_sessions_asks_nobody_to_choose(client):
    make_day(make_conference())

    html = client.get(PATH).text

    assert "You can choose here once there are sessions." in html
    assert "Make my plan" not in html
    assert "Choose what you have energy for. Then print" not in html


@pytest.mark.parametrize("sessions", [1, 20])
def test_plan_asks_the_same_queries_for_a_long_program(client, sessions, django_assert_num_queries):
    make_program(days=3, sessions=sessions)
    picks = [f"day-{day}-session-{number}" for day in (1, 2, 3) for number in range(1, sessions + 1)]

    with django_assert_num_queries(6):
        client.get(PATH, {"pick": picks})


@pytest.mark.parametrize(
    ("path", "queries"), [("/new-here/", 2), ("/glossary/", 1), ("/partners/", 3), ("/share/home.png", 3)]
)
def test_page_of_words_asks_little(client, path, queries, django_assert_num_queries):
    make_program()

    with django_assert_num_queries(queries):
        client.get(path)
