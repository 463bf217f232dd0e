"""The newsletter's link works on its first press: a name, an address and one button, for every browser.

With script the hours are those of the device; without it the mails say both regions' dates and UTC.
"""

import pytest
from playwright.sync_api import expect

from registration.models import OutboxMessage, Registrant, Registration
from tests.factories import make_announced_date, make_conference, make_day
from tests.letters import text_of

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

# Locale and zone of a device, the hour that Day 1 has there, and today's name of the zone.
DEVICES = [
    ("en-US", "America/New_York", "Sunday 12 September, 3:00 pm", "America/New_York"),
    ("en-US", "America/Phoenix", "Sunday 12 September, noon", "America/Phoenix"),
    ("en-CA", "America/St_Johns", "Sunday 12 September, 4:30 pm", "America/St_Johns"),
    ("fr-CA", "America/Toronto", "Sunday 12 September, 3:00 pm", "America/Toronto"),
    ("pt-BR", "America/Sao_Paulo", "Sunday 12 September, 16:00", "America/Sao_Paulo"),
    ("es-ES", "Europe/Madrid", "Sunday 12 September, 21:00", "Europe/Madrid"),
    ("en", "Europe/London", "Sunday 12 September, 20:00", "Europe/London"),
    ("de", "Europe/Berlin", "Sunday 12 September, 21:00", "Europe/Berlin"),
    ("ar-EG", "Africa/Cairo", "Sunday 12 September, 10:00 pm", "Africa/Cairo"),
    ("hi-IN", "Asia/Calcutta", "Late on Sunday night (12:30 am to 3:30 am on Monday 13 September)", "Asia/Kolkata"),
    ("ja", "Asia/Tokyo", "Monday 13 September, 04:00", "Asia/Tokyo"),
    ("en-AU", "Australia/Sydney", "Monday 13 September, 5:00 am", "Australia/Sydney"),
]
LINKS = [("/register/day-1/", [1]), ("/register/all/", [1, 2, 3]), ("/register/?days=all", [1, 2, 3])]


@pytest.fixture
def days(db):
    conference = make_conference(name="PxP")
    made = [make_day(conference, number, title=f"Theme {number}") for number in (1, 2, 3)]
    for day in made:
        make_announced_date(day, "Europe, Africa, North and South America", date=day.starts_at.date())
        make_announced_date(day, position=1)
    return made


def press_sign_up(page):
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your email address").fill("ada@example.org")
    page.locator("main").get_by_role("button", name="Sign up", exact=True).click()
    expect(page).to_have_title("Check your email – PxP")


def days_of_ada():
    return [row.day.number for row in Registration.objects.for_person(Registrant.objects.get())]


def mail_words():
    return " ".join(text_of(OutboxMessage.objects.get()).split())


@pytest.mark.parametrize(("locale", "zone", "hour", "kept"), DEVICES)
def test_first_press_signs_up_with_the_hours_of_the_device(site, new_page, days, locale, zone, hour, kept):
    page = new_page(width=390, locale=locale, timezone_id=zone)

    page.goto(f"{site}/register/day-1/")
    expect(page.locator("label[for=id_days_0]")).to_contain_text(hour)
    expect(page.locator("#clock summary")).to_contain_text("(from your device). Change")
    press_sign_up(page)

    assert Registrant.objects.get().time_zone == kept
    assert days_of_ada() == [1]


@pytest.mark.parametrize("locale", dict.fromkeys(device[0] for device in DEVICES))
def test_first_press_without_script_signs_up_and_the_mail_says_both_dates(site, new_page, days, locale):
    page = new_page(width=390, locale=locale, script=False)

    page.goto(f"{site}/register/day-1/")
    press_sign_up(page)

    assert Registrant.objects.get().time_zone == ""
    assert "Sunday 12 September in Europe, Africa, North and South America" in mail_words()
    assert "Monday 13 September in Asia and Oceania Sunday 12 September, 19:00 to 22:00 UTC" in mail_words()


@pytest.mark.parametrize(("link", "numbers"), LINKS)
@pytest.mark.parametrize("script", [True, False])
def test_each_link_ticks_what_it_names(site, new_page, days, link, numbers, script):
    page = new_page(width=390, script=script)

    page.goto(site + link)
    press_sign_up(page)

    assert days_of_ada() == numbers


def test_without_a_link_the_days_are_the_one_thing_to_choose(site, page, days):
    page.goto(f"{site}/register/")
    page.get_by_label("Day 2").check()
    press_sign_up(page)

    assert days_of_ada() == [2]


def test_another_city_changes_the_hours_and_loses_nothing(site, new_page, days):
    page = new_page(width=390, timezone_id="America/Toronto")
    page.goto(f"{site}/register/all/")
    expect(page.locator("#clock summary")).to_contain_text("Toronto time (from your device).")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Day 3").uncheck()

    page.locator("#clock summary").click()
    page.get_by_label("City or country").fill("Tokyo")

    expect(page.locator("label[for=id_days_0]")).to_contain_text("Monday 13 September, 04:00")
    expect(page.locator("#clock summary")).to_contain_text("Tokyo time. Change")
    press_sign_up(page)
    assert days_of_ada() == [1, 2]
    assert Registrant.objects.get().time_zone == "Asia/Tokyo"


def test_another_city_without_script_shows_its_times_and_loses_nothing(site, new_page, days):
    page = new_page(width=390, script=False)
    page.goto(f"{site}/register/all/")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Day 3").uncheck()

    page.locator("#clock summary").click()
    page.get_by_label("Nearest city").select_option("Tokyo")
    page.get_by_role("button", name="Show these times").click()

    expect(page.locator("label[for=id_days_0]")).to_contain_text("Monday 13 September, 04:00")
    expect(page.get_by_label("Your name")).to_have_value("Ada")
    press_sign_up(page)
    assert days_of_ada() == [1, 2]


def test_device_that_hides_where_it_is_gets_both_dates(site, new_page, days):
    page = new_page(width=390, timezone_id="UTC")

    page.goto(f"{site}/register/day-1/")
    press_sign_up(page)

    assert Registrant.objects.get().time_zone == ""


def test_a_city_is_found_by_typing_it_or_its_country_and_enter_sends_nothing(site, new_page, days):
    page = new_page(timezone_id="Etc/UTC", width=390)
    page.goto(f"{site}/register/day-1/")
    page.get_by_text("See the times where you are").click()
    place = page.get_by_label("City or country")
    expect(place).to_be_visible()
    expect(page.get_by_label("Nearest city")).to_have_count(0)
    row = page.locator("#sign-up .choice small").first

    place.fill("SÃO pau")
    place.press("Enter")
    expect(row).to_contain_text("Sunday 12 September, 16:00")
    expect(page.locator("summary").filter(has_text="Sao Paulo time.")).to_be_visible()
    place.fill("India")
    expect(row).to_contain_text("Late on Sunday night")
    place.fill("Canada")
    place.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Which city? Choose one from the list.")
    place.fill("Atlantis")
    place.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("We do not know this place.")
    place.fill("Boise, United States")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your email address").fill("ada@example.org")
    page.get_by_role("button", name="Sign up").click()

    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    assert Registrant.objects.get().time_zone == "America/Boise"


def test_places_are_found_as_people_type_them_and_none_by_the_letters_of_a_clock(site, new_page, days):
    page = new_page(timezone_id="Etc/UTC", width=390)
    page.goto(f"{site}/register/day-1/")
    page.get_by_text("See the times where you are").click()
    place, chosen = page.get_by_label("City or country"), page.locator("#clock select")
    found = {}

    for typed in [
        "St John's", "Saint Lucia", "bosnia and herzegovina", "Cote d'Ivoire", "Kiev", "Montréal", "Calcutta",
        "Scotland", "Turkey", "San Juan", "istan",
    ]:  # fmt: skip
        place.fill(typed)
        place.press("Enter")
        found[typed] = (chosen.input_value(), place.input_value())
    for typed in ["EST", "IST", "ET", "UTC", "UTC+5:30", "GMT", "CAT", "?"]:
        place.fill(typed)
        place.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("We do not know this place.")
        assert chosen.input_value() == "Europe/Istanbul"
    place.fill("USA")
    place.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Which city? Choose one from the list.")
    assert found == {
        "St John's": ("America/St_Johns", "St. John’s, Canada"),
        "Saint Lucia": ("America/St_Lucia", "St. Lucia"),
        "bosnia and herzegovina": ("Europe/Sarajevo", "Sarajevo, Bosnia & Herzegovina"),
        "Cote d'Ivoire": ("Africa/Abidjan", "Abidjan, Côte d’Ivoire"),
        "Kiev": ("Europe/Kyiv", "Kyiv, Ukraine"),
        "Montréal": ("America/Toronto", "Toronto, Canada"),
        "Calcutta": ("Asia/Kolkata", "Kolkata, India"),
        "Scotland": ("Europe/London", "London, United Kingdom"),
        "Turkey": ("Europe/Istanbul", "Istanbul, Türkiye"),
        "San Juan": ("America/Argentina/San_Juan", "San Juan, Argentina"),
        "istan": ("Europe/Istanbul", "Istanbul, Türkiye"),
    }


def test_without_the_list_of_places_the_select_stays(site, new_page, days):
    page = new_page(timezone_id="Etc/UTC", width=390)
    page.route("**/places.json", lambda route: route.abort())
    page.goto(f"{site}/register/day-1/")
    page.get_by_text("See the times where you are").click()

    page.get_by_label("Nearest city").select_option("Tokyo")

    expect(page.locator("#sign-up .choice small").first).to_contain_text("Monday 13 September, 04:00")
