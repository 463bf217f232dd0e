"""The day's door in a browser: each of its states for everybody, the way to the meeting, and read aloud."""

import os
import re
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registration import links
from registration.models import Registration
from registration.services.days import cancel
from tests.factories import make_confirmed, make_day, make_pending, make_session, the_registration

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

TRANSCRIPTS = Path(__file__).with_name("transcripts")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def meeting():
    """A meeting elsewhere: gives its address, and the headers of each request that came."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/j/"):
                came.append(dict(self.headers))
            body = b"<!doctype html><html lang=en><title>Meeting</title><link rel=icon href='data:,'><h1>Welcome</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Print nothing."""

    came = []
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/j/987", came
        server.shutdown()
        thread.join()


def day_in(wait, **fields):
    """A day that starts `wait` (a timedelta) from now, and half a minute for a slow test."""
    starts_at = timezone.now().replace(microsecond=0) + wait + MINUTE / 2
    words = {"title": "Boost your skills", "meeting_url": "https://meeting.example.org/"} | fields
    return make_day(starts_at=starts_at, ends_at=starts_at + 3 * HOUR, **words)


def row_on(day):
    return the_registration(make_confirmed(day, now=day.starts_at - 30 * DAY), day)


def open_door(page, row):
    page.goto(links.join_url(row))
    expect(page).to_have_title("Join Day 1 – PxP")


# --- Every state -----------------------------------------------------------------------------------------------------


def state_days_before(page, site):
    open_door(page, row_on(day_in(12 * DAY)))


def state_hours_before(page, site):
    open_door(page, row_on(day_in(3 * HOUR)))


def state_open_before_the_start(page, site):
    open_door(page, row_on(day_in(20 * MINUTE)))


def state_open(page, site):
    open_door(page, row_on(day_in(-HOUR)))


def state_no_meeting_yet(page, site):
    open_door(page, row_on(day_in(20 * MINUTE, meeting_url="")))


def state_refused(page, site):
    day = day_in(20 * MINUTE)
    open_door(page, row_on(day))
    day.starts_at, day.ends_at = day.starts_at + 2 * HOUR, day.ends_at + 2 * HOUR
    day.save()
    page.get_by_role("button", name="Go to the meeting").click()
    expect(page).to_have_title("Error: Join Day 1 – PxP")


def state_over(page, site):
    day = day_in(-4 * HOUR)
    make_session(day)
    open_door(page, row_on(day))


def state_recorded(page, site):
    day = day_in(-2 * DAY, recording_url="https://video.example.org/all")
    make_session(day, 1, title="Setting the scene for the conference", recording_url="https://video.example.org/1")
    make_session(day, 2, title="", recording_url="https://video.example.org/2")
    open_door(page, row_on(day))


def state_called_off(page, site):
    day = day_in(3 * HOUR)
    row = row_on(day)
    day.called_off_at = timezone.now()
    day.save()
    open_door(page, row)


def state_waiting(page, site):
    open_door(page, row_on(day_in(3 * HOUR, capacity=0)))


def state_pending(page, site):
    day = day_in(3 * HOUR)
    open_door(page, the_registration(make_pending(day, now=timezone.now()), day))


def state_dropped(page, site):
    row = row_on(day_in(3 * HOUR))
    cancel(row, now=timezone.now())
    open_door(page, row)


STATES = {name.removeprefix("state_"): state for name, state in list(globals().items()) if name.startswith("state_")}
READ_ALOUD = ["days_before", "open_before_the_start"]


@pytest.mark.parametrize("name", STATES)
def test_door_can_be_used_by_everybody(site, page, faults_of, name):
    STATES[name](page, site)

    assert faults_of(page) == []


@pytest.mark.parametrize("name", READ_ALOUD)
def test_door_reads_aloud_as_written_down(site, page, transcript, name):
    STATES[name](page, site)

    heard = as_written_down(transcript(page))

    # WRITE_TRANSCRIPTS=1 writes the files again: read them before you commit them.
    file = TRANSCRIPTS / f"door_{name}.txt"
    if os.environ.get("WRITE_TRANSCRIPTS"):
        file.write_text(heard)
    assert heard == file.read_text()


def as_written_down(phrases):
    """Leave out what every page has and what differs each time: dates and hours."""
    lines = phrases[phrases.index("main") : phrases.index("end of main")]
    words = "\n".join(lines) + "\n"
    hour, date = r"\d+:\d\d(?: [ap]m)?", r"\w+day \d+ \w+(?: \d{4})?"
    words = re.sub(rf"{date}, {hour}(?: to {hour}| until [^\n]+?20\d\d|)", "(date and hours)", words)
    return re.sub(rf"the start, at {hour}", "the start, at (hour)", words)


# --- Going in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [{"width": 320, "script": False}, {"width": 1280}], ids=["phone, no script", "wide"])
def test_button_leads_to_the_meeting_by_keyboard_and_tells_it_nothing(site, new_page, meeting, look):
    address, came = meeting
    row = row_on(day_in(20 * MINUTE, meeting_url=address))
    page = new_page(**look)
    open_door(page, row)

    page.get_by_role("button", name="Go to the meeting").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert page.url == address
    assert [{"Referer", "Origin", "Cookie"} & set(headers) for headers in came] == [set()]
    assert Registration.objects.came().count() == 1

    page.go_back()
    page.get_by_role("button", name="Go to the meeting").click()

    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert Registration.objects.came().count() == 1
