"""The public pages: what they say, in whose time, and what they cost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from conference.clock import canonical_zone, countries, short_date_words, zones_of
from conference.models import ClockState, Conference, Day, FormerSession, Session, Speaker
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_announced_date,
    make_appearance,
    make_conference,
    make_day,
    make_program,
    make_session,
    make_speaker,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/program/",
    "/program/day-1/",
    "/program/sessions/day-1-session-1/",
    "/speakers/",
    "/speakers/grace/",
    "/how-to-join/",
    "/accessibility/",
    "/privacy/",
    "/patients-included/",
    "/contact/",
]
NOT_IN_A_ZONE = ("/static/", "/time-zone/?next=", "/manifest.webmanifest")
FILES = ["/program.ics", "/program/day-1.ics", "/program/sessions/day-1-session-1.ics"]

SECOND = timedelta(seconds=1)


def make_coming(**fields):
    """Make the coming edition: Day 1 with a session by Grace, and its dates as announced."""
    conference = make_conference(**fields)
    day = make_day(conference, title="Boost your skills", summary="The what and how.", starts_at=FIRST_DAY)
    make_announced_date(day, "Europe and Africa", date=FIRST_DAY.date())
    make_announced_date(day, "Asia and Oceania", position=1)
    make_appearance(make_session(day), make_speaker(conference))
    return conference


def make_past():
    """Make PxP 2025: two sessions, one of them with a recording."""
    conference = make_conference(slug="2025")
    day = make_day(conference, starts_at=datetime(2025, 9, 9, 19, tzinfo=UTC))
    make_session(day, 1, title="Global voices", recording_url="https://video.example.org/1")
    make_session(day, 2, title="")
    return conference


def words_of(client, path):
    """Return a page's text on one line, with tags left out."""
    html = client.get(path).text.partition("<main")[2].partition("</main>")[0]
    within_words = re.sub(r"</?(a|abbr|dfn|em|strong)\b[^>]*>", "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", within_words).split())


# --- All pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/2027"])
@pytest.mark.parametrize("path", PAGES)
def test_page_may_be_kept_by_any_cache(client, path, prefix):
    make_coming()

    response = client.get(prefix + path)

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_page_has_one_heading_a_title_a_description_and_one_address(client, path):
    make_coming()

    html = client.get(path, {"tz": "Asia/Tokyo"}).text

    assert len(re.findall("<h1", html)) == 1
    assert re.search(r"<title>\S.+ – PxP</title>", html)
    assert re.search(r'<meta name="description" content="\S[^"]{20,}">', html)
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', html) == [f"http://testserver{path}"]


@pytest.mark.parametrize("path", PAGES)
def test_page_keeps_the_zone_in_every_link_to_another_page(client, path):
    make_coming()

    html = client.get(path, {"tz": "Asia/Tokyo"}).text

    links = set(re.findall(r'href="(/[^"]*)"', html))
    kept = {link for link in links if "tz=Asia/Tokyo" in link}
    assert links - kept - {path} <= {link for link in links if link.startswith(NOT_IN_A_ZONE)}
    assert kept


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 8),
        ("/program/", 6),
        ("/program/day-1/", 8),
        ("/program/sessions/day-1-session-1/", 7),
        ("/speakers/", 4),
        ("/speakers/grace/", 3),
        ("/how-to-join/", 2),
        ("/accessibility/", 4),
        ("/privacy/", 2),
        ("/patients-included/", 2),
        ("/contact/", 2),
        ("/time-zone/", 1),
        ("/program.ics", 6),
        ("/program/day-1.ics", 2),
        ("/program/sessions/day-1-session-1.ics", 4),
    ],
)
@pytest.mark.parametrize("sessions", [1, 60])
def test_page_costs_the_same_queries_with_1_and_with_60_sessions(
    client, django_assert_num_queries, path, queries, sessions
):
    make_program(days=1, sessions=sessions)

    with django_assert_num_queries(queries):
        response = client.get(path)

    assert response.status_code == 200


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_page_takes_no_post(client, path):
    make_coming()

    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/program/day-2/",
        "/program/day-99999999999999999999/",
        "/program/sessions/day-1-session-9/",
        "/program/sessions/",
        "/speakers/eve/",
        "/1999/",
        "/2998/program/",
        "/program/day-2.ics",
        "/nowhere/",
    ],
)
def test_address_that_leads_nowhere_answers_404_with_a_way_on(client, path):
    make_coming()

    response = client.get(path)

    assert response.status_code == 404
    assert 'href="/contact/"' in response.text
    assert 'rel="canonical"' not in response.text
    assert "no-store" in response["Cache-Control"]


# --- Nothing published, other editions ---------------------------------------------------------------------------


def test_home_says_so_while_nothing_is_published(client):
    make_conference(is_published=False)

    assert "This site is being prepared" in words_of(client, "/")
    assert client.get("/program/").status_code == 404


def test_home_of_an_edition_without_days_says_to_be_announced(client):
    make_conference()

    assert "The dates are to be announced" in words_of(client, "/")
    assert "The program is to be announced." in words_of(client, "/program/")
    assert "The speakers are to be announced." in words_of(client, "/speakers/")
    assert "/register/" not in client.get("/").text


@pytest.mark.parametrize("path", ["/2025/", "/2025/program/", "/2025/program/day-1/", "/2025/speakers/"])
def test_past_edition_reads_as_past_and_takes_no_sign_up(client, path):
    make_past()
    make_coming()

    response = client.get(path)

    assert "PxP 2025 is over" in response.text
    assert "Go to the coming conference: PxP 2027" in response.text
    assert "/register/" not in response.text
    assert "provisional" not in response.text
    assert "to be announced" not in words_of(client, path).replace("The speakers are to be announced", "")


def test_past_session_offers_its_recording(client):
    past = make_past()
    make_appearance(past.days.get().sessions.first(), make_speaker(past))
    make_coming()

    assert (
        '<a class="button" href="https://video.example.org/1">'
        in client.get("/2025/program/sessions/day-1-session-1/").text
    )
    assert "There is no recording here yet" in words_of(client, "/2025/program/sessions/day-1-session-2/")
    assert "Who spoke" in words_of(client, "/2025/program/sessions/day-1-session-1/")


def test_last_edition_stays_at_the_root_and_says_that_the_next_is_not_known(client):
    make_past()

    assert "PxP 2025 is over. The dates of the next conference will be here." in words_of(client, "/")
    assert client.get("/").text.count("/register/") == 0


def test_home_says_which_of_two_equal_hours_it_means_in_a_night_in_which_clocks_change(client):
    starts_at = datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    make_day(make_conference(), starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))

    words = words_of(client, "/?tz=America/Toronto").replace("\u00a0", " ")

    assert "1:30 am (UTC−4) to 3:30 am (UTC−5) in Toronto" in words


def test_home_leads_to_past_editions(client):
    make_past()
    make_coming()

    assert "Past conference: PxP 2025" in words_of(client, "/")
    assert 'href="/2025/"' in client.get("/").text
    assert "Past conference" not in words_of(client, "/2025/")


# --- What home says -----------------------------------------------------------------------------------------------


def test_home_carries_all_seven_points(client):
    make_coming(cost="free", format="virtual")

    words = words_of(client, "/")

    for point in [
        "Do you want to learn more about patient engagement in health research?",
        "What is PxP?",
        "What is patient engagement?",
        "patient and public involvement",
        "For Patients",
        "By Patients",
        "12 September 2027 in Europe and Africa",
        "13 September 2027 in Asia and Oceania",
        "Online, free",
        "Boost your skills",
        "The what and how.",
        "Sign up for Day 1",
        "An experienced international committee of patient partners chose every topic and speaker.",
    ]:
        assert point in words
    assert 'href="/register/day-1/"' in client.get("/").text


def test_one_button_of_home_takes_all_days_that_are_open(client):
    conference = make_coming()
    later = [make_day(conference, number, starts_at=FIRST_DAY + timedelta(days=number - 1)) for number in (2, 3)]
    days = [conference.days.get(number=1), *later]

    assert "Sign up for all three days See the program" in words_of(client, "/")

    days[0].sign_up_closes_at = NOW - timedelta(days=400)
    days[0].save()
    assert "Sign up See the program" in words_of(client, "/")

    days[1].called_off_at = NOW
    days[1].save()
    assert "Sign up for Day 3 See the program" in words_of(client, "/")


@pytest.mark.parametrize("path", ["/", "/program/", "/how-to-join/", "/contact/", "/easy-read/", "/new-here/"])
def test_no_page_leads_to_sign_up_while_every_day_is_closed(client, path):
    conference = make_coming()
    leads = re.compile(r'href="/register/[^"]*"')
    assert leads.search(client.get(path).text)

    conference.sign_up_opens_at = FIRST_DAY
    conference.save()
    assert not leads.search(client.get(path).text)
    conference.sign_up_opens_at, conference.sign_up_closes_at = None, NOW - timedelta(days=400)
    conference.save()
    assert not leads.search(client.get(path).text)


@pytest.mark.parametrize(
    ("path", "says_so"), [("/program/day-1/", True), ("/program/sessions/day-1-session-1/", False)]
)
def test_page_of_a_day_leads_to_the_door_from_when_that_opens(client, machine_clock, path, says_so):
    day = make_coming().days.get()
    opens_at = day.starts_at - timedelta(minutes=30)
    pressed = re.compile(r'<a class="button" href="([^"]+)">')

    for at, is_open, is_on in [
        (opens_at - SECOND, False, False),
        (opens_at, True, False),
        (day.starts_at - SECOND, True, False),
        (day.starts_at, True, True),
        (day.ends_at - SECOND, True, True),
    ]:
        machine_clock.move_to(at, tick=False)
        html = client.get(path).text
        assert pressed.findall(html) == ["/lost-link/" if is_open else "/register/day-1/"]
        assert "/register/day-1/" in html
        assert ("Day 1 is on now" in html) is (is_on and says_so)
        assert ("Day 1 is on now" in client.get("/program/").text) is is_on

    machine_clock.move_to(day.ends_at)
    assert "/lost-link/" not in client.get(path).text.partition("<main")[2].partition("</main>")[0]
    day.called_off_at = NOW
    day.save()
    machine_clock.move_to(day.starts_at)
    assert "Day 1 is on now" not in client.get(path).text + client.get("/program/").text


def test_home_names_the_day_that_comes_next_also_where_another_was_put_off(client, machine_clock):
    conference = make_conference()
    first, second, third = (make_day(conference, number) for number in (1, 2, 3))
    first.starts_at, first.ends_at = third.starts_at + timedelta(days=7), third.ends_at + timedelta(days=7)
    first.save()

    machine_clock.move_to(second.starts_at - timedelta(hours=3), tick=False)
    assert "Day 2 starts in 3 hours" in words_of(client, "/")
    machine_clock.move_to(second.starts_at)
    assert "Day 2 is on now" in words_of(client, "/")
    machine_clock.move_to(third.ends_at)
    assert "Day 1 starts in 6 days" in words_of(client, "/")


def test_home_says_first_that_the_day_for_which_people_come_is_called_off(client, machine_clock):
    conference = make_conference()
    first, _second = make_day(conference, 1), make_day(conference, 2)
    first.called_off_at = NOW
    first.save()
    words = "Day 1 is called off. It will not take place."

    said = []
    for at in (first.starts_at - timedelta(hours=13), first.starts_at - timedelta(hours=1), first.ends_at):
        machine_clock.move_to(at, tick=False)
        said.append(words in words_of(client, "/").partition("For Patients, By Patients")[0])

    assert said == [False, True, False]


def test_home_says_which_night_it_is_where_the_date_alone_would_mislead(client, machine_clock):
    machine_clock.move_to(make_coming().days.get().starts_at - timedelta(hours=3), tick=False)

    # 12:30 am of Monday: people who read the date alone come on Monday evening, a day late.
    when = "Late on Sunday night Monday 13 September, 12:30 am to 3:30 am in Kolkata"
    assert "Day 1 starts in 3 hours" in words_of(client, "/?tz=Asia/Kolkata")
    assert when in words_of(client, "/?tz=Asia/Kolkata")
    assert "night" not in words_of(client, "/?tz=America/Toronto").partition("Get my link")[0]


def test_home_offers_no_day_whose_sign_up_is_closed(client):
    conference = make_coming()
    make_day(conference, 2, starts_at=FIRST_DAY + timedelta(days=1), called_off_at=NOW)

    html = client.get("/").text

    assert "/register/day-1/" in html
    assert "/register/day-2/" not in html
    assert "Day 2 is called off." in words_of(client, "/program/day-2/")


def test_day_that_is_called_off_says_so_at_home_and_goes_into_no_calendar(client):
    conference = make_coming()
    day = make_day(conference, 2, starts_at=FIRST_DAY + timedelta(days=1), called_off_at=NOW)
    make_session(day)

    assert words_of(client, "/").count("Called off") == 1
    assert "Calendar file" in words_of(client, "/program/day-1/")
    for path in ("/program/day-2/", "/program/sessions/day-2-session-1/"):
        assert "Calendar file" not in words_of(client, path)


@pytest.mark.parametrize(
    "path",
    [
        "/program/",
        "/program/day-1/",
        "/program/day-2/",
        "/program/sessions/day-1-session-1/",
        "/program/sessions/day-1-session-2/",
        "/easy-read/program/",
        "/program/my-plan/?pick=day-1-session-1&pick=day-1-session-2",
        "/speakers/ada/",
        "/program.json",
        "/program/sessions/day-1-session-1.ics",
    ],
)
@pytest.mark.parametrize("state", ["over", "called off", "over while another is to come"])
def test_nothing_is_to_be_announced_of_a_day_that_is_over_or_called_off(client, machine_clock, path, state):
    conference = make_conference()
    days = [make_day(conference, number) for number in (1, 2)]
    ada = make_speaker(conference, slug="ada", name="Ada")
    make_appearance(make_session(days[0], 1, title_is_description=True), ada)
    make_session(days[0], 2, title="")
    if state == "called off":
        conference.days.update(called_off_at=NOW)
    else:
        machine_clock.move_to(days[1].ends_at)
    if state == "over while another is to come":
        last = make_day(conference, 3, starts_at=days[1].ends_at + timedelta(days=9), title="Theme 3")
        later = make_session(last, starts_at=last.starts_at, ends_at=last.ends_at)
        make_appearance(later, make_speaker(conference))

    words = re.sub(r"\s+", " ", client.get(path).content.decode().replace("\r\n ", ""))

    promises = r"(?i)[^.>]*(?:to be announced|you will hear|you can hear|We do not know the talks)"
    assert re.findall(promises, words) == []


def test_home_says_why_nobody_can_sign_up_by_the_days_to_come(client, machine_clock):
    conference = make_conference()
    for number in (1, 2, 3):
        make_day(conference, number)
    conference.days.update(sign_up_closes_at=NOW)
    assert "Sign-up for Day 1 has closed." in words_of(client, "/")

    machine_clock.move_to(FIRST_DAY + timedelta(hours=5))
    assert "Sign-up for Day 2 has closed." in words_of(client, "/")

    conference.days.filter(number__gt=1).update(called_off_at=NOW)
    assert "Day 2 has been called off. Day 3 has been called off." in words_of(client, "/")


def test_past_home_names_recordings_only_where_there_are_some(client):
    conference = make_past()
    assert "See the program and recordings" in words_of(client, "/")

    Session.objects.update(recording_url="")
    words = words_of(client, "/")
    assert "See the program" in words
    assert "recordings" not in words.partition("What is PxP?")[0]

    conference.days.update(recording_url="https://video.example.org/day")
    assert "See the program and recordings" in words_of(client, "/")


def test_past_edition_leads_to_no_coming_conference_where_none_is_to_come(client):
    make_past()
    make_conference(slug="2026", name="PxP 2026")
    make_day(Conference.objects.get(slug="2026"), starts_at=datetime(2026, 9, 9, 19, tzinfo=UTC))

    words = words_of(client, "/2025/program/")

    assert "coming conference" not in words
    assert "Past conference: PxP 2026" in words


# --- What is not known yet ----------------------------------------------------------------------------------------


def test_unknown_title_speakers_and_time_are_to_be_announced(client):
    conference = make_coming()
    make_session(conference.days.get(), 2, title="")

    assert "Session 2 Title to be announced (Day 1, Session 2)" in words_of(client, "/program/day-1/")
    words = words_of(client, "/program/sessions/day-1-session-2/")
    assert "Title to be announced" in words
    assert "The time of this session is to be announced." in words


@pytest.mark.parametrize("path", ["/program/", "/program/day-1/"])
def test_lists_lead_to_a_session_as_soon_as_its_page_says_something(client, path):
    day = make_coming().days.get()
    session, link = make_session(day, 2, title=""), 'href="/program/sessions/day-1-session-2/"'

    assert link not in client.get(path).text

    session.summary = "About words."
    session.save()

    assert link in client.get(path).text


def test_title_that_only_describes_is_shown_as_such(client):
    conference = make_coming()
    make_session(conference.days.get(), 2, title="recognition", title_is_description=True)

    assert "About: recognition" in words_of(client, "/program/")
    assert "Its title is to be announced." in words_of(client, "/program/sessions/day-1-session-2/")


@pytest.mark.parametrize("path", ["/", "/program/", "/program/day-1/", "/program/sessions/day-1-session-1/"])
def test_provisional_times_are_said_once_and_settled_ones_are_not(client, path):
    conference = make_coming()

    provisional = words_of(client, path)
    Conference.objects.filter(pk=conference.pk).update(clock=ClockState.PUBLISHED)

    assert provisional.count("Times are provisional and may still change.") == 1
    assert "provisional" not in words_of(client, path)


# --- Times --------------------------------------------------------------------------------------------------------


def test_times_are_the_regions_dates_and_utc_by_default(client):
    make_coming()

    words = words_of(client, "/program/day-1/")

    first, second = short_date_words(FIRST_DAY.date()), short_date_words(FIRST_DAY.date() + timedelta(days=1))
    assert f"{first} in Europe and Africa {second} in Asia and Oceania {first}, 19:00 to 22:00 UTC" in words
    assert "See the times where you are" in words


def test_times_are_the_visitors_alone_when_a_zone_is_named(client):
    make_coming()

    html = client.get("/program/day-1/?tz=Asia/Tokyo").text
    words = words_of(client, "/program/day-1/?tz=Asia/Tokyo")

    tomorrow = FIRST_DAY.date() + timedelta(days=1)
    assert f"{short_date_words(tomorrow)} 04:00 to 07:00 in Tokyo. Change" in words
    assert f"You may see “{short_date_words(FIRST_DAY.date())}” elsewhere. It is the same event" in words
    assert "UTC" not in words
    assert f'<time datetime="{tomorrow}T04:00:00+09:00">04:00 to 07:00</time>' in html


def test_night_is_called_by_the_evening_before(client):
    make_coming()

    words = words_of(client, "/program/day-1/?tz=Asia/Kolkata")

    weekday, tomorrow = f"{FIRST_DAY:%A}", short_date_words(FIRST_DAY.date() + timedelta(days=1))
    assert f"Late on {weekday} night {tomorrow}, 12:30 am to 3:30 am in Kolkata." in words
    assert f"Late on {weekday} night (12:30 am on {tomorrow})" in words_of(client, "/?tz=Asia/Kolkata")


def test_day_across_midnight_says_the_next_day_in_words(client):
    make_coming()

    words = words_of(client, "/program/day-1/?tz=Asia/Riyadh")

    assert "10:00 pm until 1:00 am the next day" in words


def test_session_after_midnight_names_its_date_in_the_list(client):
    conference = make_coming()
    starts_at = FIRST_DAY + timedelta(hours=2)
    make_session(conference.days.get(), 2, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50))

    tomorrow = short_date_words(FIRST_DAY.date() + timedelta(days=1))
    assert f"Session 2, {tomorrow}, midnight to 12:50 am" in words_of(client, "/program/day-1/?tz=Asia/Riyadh")
    assert "Session 2, 21:00 to 21:50" in words_of(client, "/program/day-1/")


def test_zone_that_is_none_gets_a_calm_notice_and_conference_time(client):
    make_coming()

    response = client.get("/program/", {"tz": "Mars/<b>Olympus"})

    assert response.status_code == 200
    assert "The address of this page names “Mars/&lt;b&gt;Olympus”." in response.text
    assert "19:00 to 22:00" in response.text


# --- Choosing a zone ----------------------------------------------------------------------------------------------


def test_time_zone_of_a_country_with_one_zone_leads_straight_back(client):
    make_coming()

    response = client.get("/time-zone/", {"country": "JP", "next": "/program/day-1/"})

    assert (response.status_code, response.url) == (302, "/program/day-1/?tz=Asia/Tokyo")


def test_time_zone_of_a_country_with_several_asks_for_the_place(client):
    make_coming()

    response = client.get("/time-zone/", {"country": "CA", "next": "/program/"})

    assert "Canada has more than one time zone" in response.text
    assert '<form class="form" method="get" action="/program/">' in response.text
    assert '<option value="America/Toronto">Toronto (UTC−4)</option>' in response.text


def test_time_zone_page_asks_again_for_a_country_that_is_none(client):
    make_coming()

    response = client.get("/time-zone/", {"country": "ZZ"})

    assert response.status_code == 422
    assert "<title>Error: " in response.text
    assert 'href="#id_country"' in response.text


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/program/?tz=Europe/Paris#x", "/program/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_time_zone_leads_back_only_to_this_site(client, asked, back):
    make_coming()

    assert client.get("/time-zone/", {"country": "JP", "next": asked}).url == f"{back}?tz=Asia/Tokyo"


# --- Files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/program.ics", "pxp-2027-program.ics"),
        ("/program/day-1.ics", "pxp-2027-day-1.ics"),
        ("/program/sessions/day-1-session-1.ics", "pxp-2027-day-1-session-1.ics"),
    ],
)
def test_calendar_file_is_published_under_a_name(client, path, name):
    make_coming()

    response = client.get(path + "?tz=Asia/Tokyo")

    calendar = Calendar.from_ical(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "public, max-age=60"
    assert calendar["METHOD"] == "PUBLISH"
    assert [event.start for event in calendar.events] == [FIRST_DAY]
    assert not calendar.events[0].attendees
    assert re.fullmatch(r"http://testserver/program/[a-z0-9/-]+/", calendar.events[0]["URL"])


@pytest.mark.parametrize("path", FILES)
def test_calendar_file_is_sent_again_only_when_it_changed(client, path):
    make_coming()
    etag = client.get(path)["ETag"]

    unchanged = client.get(path, headers={"If-None-Match": etag})
    Day.objects.update(ends_at=FIRST_DAY + timedelta(hours=4), title="Other")
    Session.objects.update(title="Other")
    changed = client.get(path, headers={"If-None-Match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200


def test_day_page_leads_to_calendars_and_says_to_use_one(client):
    make_coming()

    html = client.get("/program/day-1/").text

    assert 'href="/program/day-1.ics"' in html
    assert 'href="https://calendar.google.com/calendar/render?action=TEMPLATE' in html
    assert 'href="https://outlook.live.com/calendar/0/deeplink/compose?' in html
    assert 'href="webcal://testserver/program.ics"' in html
    assert "Then you do not need a file as well." in html


# --- Speakers, access, contact ------------------------------------------------------------------------------------


def test_speaker_page_lists_sessions_in_the_order_of_the_program(client):
    conference = make_coming()
    late, early = (
        make_session(conference.days.get(), 3, title="Late"),
        make_session(conference.days.get(), 2, title="Early"),
    )
    grace = conference.speakers.get()
    make_appearance(late, grace, role="facilitator")
    make_appearance(early, grace)

    words = words_of(client, "/speakers/grace/")

    assert words.index("Topic 1") < words.index("Early") < words.index("Late") < words.index("Facilitator")


def test_speaker_page_says_at_which_hour_one_can_hear_them(client):
    session = make_coming().days.get().sessions.get()
    day = session.day
    assert "Session 1, Sunday 12 September Topic 1" in words_of(client, "/speakers/grace/")

    session.starts_at, session.ends_at = day.starts_at, day.starts_at + timedelta(hours=1)
    session.save()

    assert "Sunday 12 September, 19:00 UTC" in words_of(client, "/speakers/grace/")
    assert "Sunday 12 September, 3:00 pm in Toronto" in words_of(client, "/speakers/grace/?tz=America/Toronto")
    night = "late on Sunday night (12:30 am on Monday 13 September) in Kolkata"
    assert night in words_of(client, "/speakers/grace/?tz=Asia/Kolkata")


def test_speaker_page_says_which_session_is_called_off(client):
    conference = make_coming()
    off = make_day(conference, 2, called_off_at=NOW)
    make_appearance(make_session(off, title="In vain"), conference.speakers.get())

    words = words_of(client, "/speakers/grace/")

    assert "When you can hear them Day 1, Session 1, Sunday 12 September Topic 1" in words
    assert words.endswith("Day 2, Session 1 In vain Called off")


def test_speaker_page_promises_nothing_once_all_is_over(client):
    make_speaker(make_past())
    assert words_of(client, "/speakers/grace/").endswith("Grace")

    Speaker.objects.all().delete()
    assert "to be announced" not in words_of(client, "/speakers/")


@pytest.mark.parametrize("fields", [{"called_off_at": NOW}, {"starts_at": NOW - timedelta(days=2), "ends_at": NOW}, {}])
def test_page_of_a_session_that_is_gone_promises_a_place_on_a_day_to_come_alone(client, fields):
    conference = make_coming()
    day = make_day(conference, 2, **fields)
    FormerSession.objects.create(conference=conference, day=day, slug="s-bcdfgh", title="Gone")

    words = words_of(client, "/program/sessions/s-bcdfgh/")

    assert "The organisers removed it." in words
    assert ("You keep your place." in words) is not bool(fields)


def test_nothing_is_offered_on_a_day_that_is_called_off(client):
    conference = make_coming()
    make_day(conference, 2, called_off_at=NOW, captions="yes")
    Day.objects.filter(number=1).update(captions="no")

    assert "Every session has" not in words_of(client, "/program/day-2/")
    assert "All days" not in words_of(client, "/accessibility/")
    assert "Live captions Yes" not in words_of(client, "/accessibility/")


def test_program_of_a_conference_that_is_called_off_ends_its_sentence(client):
    make_coming()
    Day.objects.update(called_off_at=NOW)

    assert "<b>13 September 2027</b>.\n" in client.get("/program/?tz=Pacific/Chatham").text


def test_access_page_says_what_each_day_has_and_what_is_not_known(client):
    conference = make_coming()
    Day.objects.update(captions="yes", sign_language="no")

    assert "Live captions Yes Sign language No Breaks To be announced" in words_of(client, "/accessibility/")

    make_day(conference, 2, starts_at=FIRST_DAY + timedelta(days=1))
    words = words_of(client, "/accessibility/")
    assert "Day 1: Boost your skills Live captions Yes" in words
    assert "Day 2: Title to be announced Live captions To be announced" in words


@pytest.mark.parametrize(("own", "shown"), [("", "hello@pxp.example.org"), ("us@example.org", "us@example.org")])
def test_contact_page_names_one_address(client, own, shown):
    make_coming(contact_email=own)

    assert f'href="mailto:{shown}"' in client.get("/contact/").text


def test_every_country_has_a_city_in_the_list_for_the_search(client):
    answer = client.get("/time-zone/places.json").json()

    found = answer["places"]
    assert {country for _city, country, _zone in found} == {name for code, name in countries() if zones_of(code)}
    assert any(country == "Kosovo" for _city, country, _zone in found)
    assert all(canonical_zone(zone).key == zone for _city, _country, zone in found)
    assert all(answer[words] for words in ("label", "many", "none"))
    named = {zone for _city, _country, zone in found} | {country for _city, country, _zone in found}
    assert answer["others"].keys() <= named
    assert answer["others"]["Europe/Kyiv"] == ["Kiev", "Uzhgorod", "Zaporozhye"]
    assert "USA" in answer["others"]["United States"]
    assert not any(city.startswith("UTC") for city, _country, _zone in found)
