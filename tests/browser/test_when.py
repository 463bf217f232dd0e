"""The answer to "when is it for me?" in real Chromium: in many zones and looks, with script and without."""

import pytest
from playwright.sync_api import expect

from conference.clock import canonical_zone
from tests.browser.test_public_pages import make_everything

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

ZONES = [
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "America/St_Johns",
    "Pacific/Honolulu",
    "America/Argentina/Buenos_Aires",
    "UTC",
]


@pytest.mark.parametrize("zone", ZONES)
def test_pictures_can_be_used_by_everybody_in_every_zone(site, page, faults_of, zone):
    make_everything()

    page.goto(f"{site}/program/day-1/?tz={zone}")

    assert faults_of(page) == []


@pytest.mark.parametrize("path", ["/program/day-1/?tz=Asia/Tokyo", "/program/day-1/?tz=Asia/Riyadh"])
def test_pictures_fit_a_narrow_window(site, new_page, path):
    make_everything()
    page = new_page(width=320)

    page.goto(site + path)
    words = [word.bounding_box() for word in page.locator(".hours text:visible").all()]

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert words
    assert all(word["x"] >= 0 and word["x"] + word["width"] <= 320 and word["height"] >= 14 for word in words)


def test_words_of_a_picture_are_read_and_the_picture_is_not(site, page, transcript):
    make_everything()

    page.goto(site + "/program/day-1/?tz=Asia/Riyadh")
    spoken = transcript(page)

    assert [line for line in spoken if "until 1:00 am the next day, " in line]
    assert not {"00:00", "Night", "Work", "Sep"} & set(spoken)


def test_a_place_with_the_same_time_is_two_presses_away_without_script(site, new_page):
    make_everything()
    page = new_page(width=390, script=False)

    page.goto(site)
    page.get_by_text("See the times where you are").click()
    page.get_by_role("link", name="Tokyo").click()

    expect(page).to_have_url(f"{site}/?tz=Asia/Tokyo")
    expect(page.get_by_text("04:00 to 07:00 each day in Tokyo")).to_be_visible()


# --- The zone of the device, offered by script -----------------------------------------------------------------------


def test_device_s_zone_is_offered_and_taken_with_one_press(site, new_page):
    make_everything()
    page = new_page(timezone_id="Asia/Calcutta")  # what browsers call Kolkata

    page.goto(site + "/time-zone/?next=/program/")
    expect(page.get_by_text("You seem to be on Kolkata time.")).to_be_visible()
    page.get_by_role("link", name="Use Kolkata time").click()

    expect(page).to_have_url(f"{site}/program/?tz=Asia%2FCalcutta")
    expect(page.get_by_text("12:30 am to 3:30 am each day in Kolkata")).to_be_visible()


def test_english_name_of_the_device_s_zone_says_so_on_a_page_in_another_language(site, new_page):
    make_everything()
    page = new_page(timezone_id="Africa/Cairo")

    page.goto(f"{site}/ar/time-zone/?next=/ar/program/")

    expect(page.locator(".device bdi[lang=en]").first).to_have_text("Cairo")


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/time-zone/", {"script": False, "timezone_id": "Asia/Tokyo"}),
        ("/time-zone/", {"timezone_id": "UTC"}),  # what browsers say that hide where someone is
        ("/register/?tz=Asia/Tokyo", {"timezone_id": "Europe/Paris"}),
    ],
)
def test_nothing_is_offered_without_script_or_place_or_need(site, new_page, path, options):
    make_everything()
    page = new_page(**options)

    page.goto(site + path)

    expect(page.get_by_text("You seem to be on")).to_have_count(0)


def test_offer_moves_nothing_and_keeps_nothing(site, new_page):
    make_everything()
    page = new_page(width=320, timezone_id="America/Argentina/Buenos_Aires")

    page.goto(site + "/time-zone/")
    expect(page.get_by_text("You seem to be on Buenos Aires time.")).to_be_visible()
    shifts = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().length))
           .observe({type: "layout-shift", buffered: true}) ?? setTimeout(() => done(0), 300))"""
    )

    assert shifts == 0
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_device_s_zone_is_used_in_the_form_also_where_no_list_has_it(site, new_page):
    make_everything()
    page = new_page(timezone_id="Asia/Ust-Nera")  # in no short list

    page.goto(site + "/register/day-1/")

    expect(page.locator("#clock summary")).to_contain_text("Ust-Nera time (from your device).")
    expect(page.get_by_label("Day 1:")).to_be_checked()
    expect(page.locator("[name=time_zone]")).to_have_value("Asia/Ust-Nera")


def test_script_calls_every_place_by_the_name_it_has_today(site, page):
    make_everything()

    page.goto(site + "/time-zone/")
    names = page.evaluate("Intl.supportedValuesOf('timeZone').map((zone) => [zone, placeOf(zone)])")
    places = {zone: place for zone, place in names if "/" in zone and not zone.startswith("Etc/")}

    assert len(places) > 400
    assert places == {zone: today(zone) for zone in places}


def today(zone):
    return canonical_zone(zone).key.rpartition("/")[2].replace("_", " ")


def test_offer_on_a_program_page_is_taken_with_one_press_and_keeps_the_look(site, new_page):
    make_everything()
    page = new_page(timezone_id="Asia/Tokyo")

    page.goto(site + "/program/day-1/?text=larger")
    page.get_by_role("link", name="Use Tokyo time").click()

    expect(page).to_have_url(f"{site}/program/day-1/?text=larger&tz=Asia%2FTokyo")
    expect(page.get_by_text("04:00 to 07:00 in Tokyo")).to_be_visible()


SCRIPT = ["script"]  # for the device's clock, or where the program is kept: nothing waits for it


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/", []),
        ("/?tz=Asia/Tokyo", []),
        ("/speakers/", []),
        ("/how-to-join/", []),
        ("/program/my-plan/", []),
        ("/register/?tz=Asia/Tokyo", SCRIPT),
        ("/offline/", []),
        ("/program/", SCRIPT),
        ("/program/day-1/?tz=Asia/Tokyo", SCRIPT),
        ("/2025/program/sessions/day-1-session-1/", SCRIPT),
    ],
)
def test_reading_costs_two_requests_and_the_program_one_script_more(site, new_page, path, more):
    make_everything()
    page = new_page(timezone_id="Asia/Tokyo")
    asked = []
    page.on("request", lambda request: asked.append(request.resource_type))

    page.goto(site + path, wait_until="networkidle")

    # The icon comes after the page, once for the whole site.
    assert [kind for kind in asked if kind != "other"] == ["document", "stylesheet", *more]
