"""The demo by one browser, mails included: sign up, read the mail, confirm, find the invites."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.sqlite_only  # the demo is always on SQLite


def sign_up(page, url):
    page.goto(f"{url}/register/day-1/")
    page.get_by_label("Your name").fill("Ada O'Brien & Søn")
    page.get_by_label("Your email address").fill("ada@example.org")
    page.get_by_label("Day 3").check()
    page.locator("main").get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")


def read_mail(page, url, subject, *, mails):
    """Open the mailbox until it holds `mails` mails, then the newest one whose subject holds `subject`."""
    page.goto(f"{url}/_mailbox/")
    heading = page.get_by_role("heading", level=2)
    for _ in range(100):
        if heading.count() >= mails:
            break
        page.wait_for_timeout(200)
        page.get_by_role("link", name="Look for new mail").click()
    expect(heading).to_have_count(mails)
    heading.filter(has_text=subject).get_by_role("link").first.click()


def test_one_browser_is_enough_for_the_whole_journey(demo, new_page, axe, nu):
    url, *_ = demo
    page, checked = new_page(width=320, script=False), new_page(width=320)

    def check(address):
        checked.goto(address)
        assert axe(checked) == []
        assert nu(checked.content()) == []

    check(f"{url}/_mailbox/")
    sign_up(page, url)

    read_mail(page, url, "confirm", mails=1)
    check(page.url)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Confirm your place")).to_be_visible()
    frame.get_by_role("link", name="Confirm").click()
    expect(page).to_have_url(re.compile(f"^{url}/confirm/"))  # the whole window went there, not the frame alone
    page.get_by_role("main").get_by_role("button").click()

    read_mail(page, url, "Day 1", mails=4)
    check(page.url)
    check(f"{url}/_mailbox/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download calendar file 1").click()
    assert "METHOD:REQUEST" in download.value.path().read_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the whole mail").click()
    assert b"\r\nTo: " in download.value.path().read_bytes()

    page.get_by_role("link", name="All mails").click()
    page.get_by_role("button", name="Delete all mails").click()
    expect(page.get_by_role("main")).to_contain_text("There is no mail yet.")
