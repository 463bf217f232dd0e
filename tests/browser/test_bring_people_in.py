"""An organiser brings in a Zoom report on a phone, by keyboard: the good rows of it, without the bad, and undoes it."""

import pytest
from playwright.sync_api import expect

from registration.models import OutboxMessage, Registrant, Registration
from tests.factories import make_program, make_staff
from tests.support.keyboard import Keyboard
from tests.support.people_tables import ZOOM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only, pytest.mark.timeout(300)]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_zoom_report_comes_in_without_its_bad_rows_and_goes_again(new_page, site, tmp_path):
    make_program(days=2, sessions=1)
    make_staff(password="secret")
    report = tmp_path / "zoom_registrants_report_2027_final_version.csv"  # no blank to break a line at
    report.write_text(ZOOM, encoding="utf-8")
    page = new_page(width=390)
    page.goto(f"{site}/organisers/files/")
    page.get_by_label("Username").fill("organiser")
    page.get_by_label("Password").fill("secret")
    page.keyboard.press("Enter")
    keyboard, heading = Keyboard(page), page.get_by_role("heading", level=1)

    keyboard.press("Bring people in from a file", role="link")
    keyboard.reach(page.get_by_label("CSV or XLSX file"))
    page.get_by_label("CSV or XLSX file").set_input_files(report)  # the device's own window for files cannot be pressed
    keyboard.press("Look at it")
    expect(heading).to_have_text(f"What {report.name} brings")
    expect(page.get_by_role("status")).to_contain_text("Days")
    keyboard.tick("Day 1: Theme 1")
    keyboard.press("Show what it changes")
    expect(page.get_by_text("Row 13, column C (Email):").first).to_be_visible()
    assert fits(page)
    keyboard.choose("The good rows alone")
    keyboard.press("Bring in 2 people, send no mail")
    expect(heading).to_have_text(f"{report.name} is in")
    assert fits(page)
    names = Registration.objects.confirmed().values_list("registrant__name", flat=True)
    assert sorted(names) == ["Ada Lovelace", "Zoë O'Brien"]
    keyboard.press("Take it back", role="link")
    expect(heading).to_have_text("Take back 2 people?")
    keyboard.press("Yes, take back 2 people")

    expect(heading).to_have_text(f"{report.name} is taken back")
    assert not Registrant.objects.exists()
    assert not OutboxMessage.objects.exists()
