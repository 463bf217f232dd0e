"""The program without internet, in real Chromium with its real worker: what is kept, what never, how it is shown."""

import re
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Conference, Day
from conference.views import offline
from registration import links
from tests.browser.test_public_pages import make_everything
from tests.factories import make_confirmed, make_pending, make_staff, the_registration
from tests.test_access import ANSWERS, Cast

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

OF_EVERY_VISITOR = {
    "/offline/",
    "/program/",
    "/program/day-1/",
    "/program/day-2/",
    "/program/day-3/",
    "/static/site.css",
}
SESSION = "/program/sessions/day-1-session-1/"

# {path and query: words} of all that is kept, in every cache.
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const copies = await caches.open(name);
    for (const { url } of await copies.keys()) {
      const { pathname, search } = new URL(url);
      found[pathname + search] = await (await copies.match(url))?.text() ?? "";
    }
  }
  return found;
}"""
# As if all copies had been kept so many milliseconds earlier.
AGE = """async (milliseconds) => {
  const copies = await caches.open((await caches.keys())[0]);
  for (const request of await copies.keys()) {
    const copy = await copies.match(request);
    const headers = new Headers(copy.headers);
    headers.set("Kept-At", Number(headers.get("Kept-At")) - milliseconds);
    await copies.put(request, new Response(await copy.text(), { headers }));
  }
}"""
# As if the site, and so the page with the words, were in another language.
TRANSLATE = """async (language) => {
  const copies = await caches.open((await caches.keys())[0]);
  const copy = await copies.match("/offline/");
  const words = (await copy.text()).replaceAll('lang="en-IE"', `lang="${language}"`);
  await copies.put("/offline/", new Response(words, { headers: copy.headers }));
}"""
# A hundred and twenty other days.
MORE = """async () => {
  const copies = await caches.open((await caches.keys())[0]);
  const words = await (await copies.match("/program/day-1/")).text();
  for (let number = 11; number <= 130; number++) await copies.put(`/program/day-${number}/`, new Response(words));
}"""
SHIFTS = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().length)).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(0), 300);
})"""
# The worker is installed, and so has kept what is open and what is around it.
IS_READY = "navigator.serviceWorker.ready.then(() => true)"
# What a browser does by itself some time after each visit.
UPDATE = "navigator.serviceWorker.getRegistration().then((found) => found.update())"
# The same, until another worker is at work: it then has its copies, however slow the machine is.
TAKE_OVER = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  const before = found.active;
  await found.update();
  while (found.active === before || found.active.state !== "activated") {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
HOUR = 60 * 60 * 1000


@pytest.fixture
def visit(site, new_page):
    """A function `(path="/program/", **page options) -> Page` with the worker at work, and all kept that it keeps."""
    return lambda path="/program/", **options: opened(new_page(service_workers="allow", **options), site + path)


def opened(page, url):
    page.goto(url)
    page.evaluate(IS_READY)
    return page


def kept(page):
    return page.evaluate(KEPT)


def wait_until(page, condition):
    """Ask `condition(what is kept)` until it holds, for half a minute."""
    until = time.monotonic() + 30
    while not condition(found := kept(page)):
        assert time.monotonic() < until, list(found)
        page.wait_for_timeout(50)


def wait_until_kept(page, address, words=""):
    wait_until(page, lambda found: address in found and words in found[address])


def notice(page):
    return page.locator("main > .wrap > .notice:first-child")


# --- Reading offline -------------------------------------------------------------------------------------------------


def test_program_is_readable_offline_and_says_how_old_it_is(site, visit):
    make_everything()
    page = visit()
    page.evaluate(AGE, 3 * HOUR)
    made = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC) - timedelta(hours=3)  # the device's clock

    page.context.set_offline(True)
    answer = page.goto(f"{site}/program/")

    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    expect(page).to_have_title("Offline copy: Program – PxP")
    expect(notice(page)).to_have_attribute("role", "alert")
    expect(notice(page)).to_contain_text("You are offline")
    expect(notice(page)).to_contain_text(f"This is the program as of {made:%A} {made.day} {made:%B %Y} at")
    expect(notice(page)).to_contain_text("your time (3 hours ago). Times and titles may have changed since.")
    shown = datetime.fromisoformat(notice(page).locator("time").get_attribute("datetime"))
    assert abs(shown - made) < timedelta(minutes=1)
    expect(page.get_by_role("heading", name="Boost your skills")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.head')).borderBottomWidth") == "1px"


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "1 minute ago"), (1, "60 minutes ago"), (35, "35 hours ago"), (72, "3 days ago")]
)
def test_age_is_told_in_words_that_fit_it(site, visit, hours, words):
    make_everything()
    page = visit()
    page.evaluate(AGE, hours * HOUR)

    page.context.set_offline(True)
    page.goto(f"{site}/program/day-2/")

    expect(notice(page)).to_contain_text(f"({words})")


def test_date_of_a_copy_is_on_the_device_s_clock(site, visit):
    make_everything()
    page = visit(timezone_id="Pacific/Kiritimati")  # 14 hours ahead of UTC

    page.context.set_offline(True)
    page.goto(f"{site}/program/")

    made = datetime.fromisoformat(notice(page).locator("time").get_attribute("datetime")) + timedelta(hours=14)
    expect(notice(page).locator("time")).to_have_text(f"{made:%A} {made.day} {made:%B %Y} at {made:%H:%M}")


@pytest.mark.parametrize(("language", "words"), [("fr", "il y a 3 heures"), ("ar", "قبل 3 ساعات"), ("ja", "3 時間前")])
def test_age_is_told_in_the_language_of_the_words_around_it(site, visit, language, words):
    make_everything()
    page = visit()
    page.evaluate(AGE, 3 * HOUR)
    page.evaluate(TRANSLATE, language)

    page.context.set_offline(True)
    page.goto(f"{site}/program/")

    expect(notice(page)).to_contain_text(words)
    expect(page.locator("#content")).to_contain_text("Day 1")


def test_days_are_kept_without_a_visit_and_sessions_with_one(site, visit):
    make_everything()
    page = visit()

    assert set(kept(page)) == OF_EVERY_VISITOR
    page.get_by_role("link", name="Topic 1").first.click()
    wait_until_kept(page, SESSION)
    page.context.set_offline(True)
    page.goto(f"{site}/program/")
    page.get_by_role("link", name="Boost your skills").click()
    expect(page).to_have_title("Offline copy: Day 1: Boost your skills – PxP")
    page.get_by_role("link", name="Topic 1").click()
    expect(page.get_by_role("heading", name="Topic 1")).to_be_visible()
    expect(notice(page)).to_contain_text("(1 minute ago)")
    page.goto(f"{site}/program/sessions/day-2-session-1/")
    expect(page).to_have_title("You are offline: Read the program offline – PxP")


def test_copies_stay_in_the_time_zone_and_the_look_of_the_visitor(site, visit):
    make_everything()
    page = visit("/program/day-1/?tz=Asia/Tokyo&text=larger")

    assert set(kept(page)) == {"/offline/", "/static/site.css"} | {
        f"{path}?tz=Asia%2FTokyo&text=larger" for path in OF_EVERY_VISITOR - {"/static/site.css"}
    }
    page.context.set_offline(True)
    page.goto(f"{site}/program/day-2/?tz=Asia/Tokyo&text=larger")
    expect(page.get_by_text("04:00 to 07:00", exact=False).first).to_be_visible()
    expect(page.locator("html.text-larger")).to_have_count(1)
    page.goto(f"{site}/?tz=Asia/Tokyo&text=larger")
    expect(page.locator("html.text-larger")).to_have_count(1)
    expect(page.get_by_role("link", name="Day 2: Title to be announced")).to_have_attribute(
        "href", "/program/day-2/?tz=Asia%2FTokyo&text=larger"
    )


@pytest.mark.parametrize("first", ["/program/", "/program/?tz=Asia/Riyadh"])
def test_copy_in_another_zone_is_better_than_none_and_names_its_zone(site, visit, first):
    make_everything()
    page = visit(first)

    page.context.set_offline(True)
    page.goto(f"{site}/program/day-2/?tz=Asia/Tokyo")

    expect(page).to_have_title("Offline copy: Day 2: Title to be announced – PxP")
    expect(page.locator("main")).to_contain_text("in Riyadh" if "tz" in first else "19:00 to 22:00 UTC")


def test_every_other_page_says_that_one_is_offline_and_what_can_be_read(site, visit):
    make_everything()
    page = visit()
    page.evaluate(AGE, 26 * HOUR)

    page.context.set_offline(True)
    answer = page.goto(f"{site}/register/day-1/")

    assert answer.status == 503
    expect(page).to_have_url(f"{site}/register/day-1/")
    expect(page).to_have_title("You are offline: Read the program offline – PxP")
    expect(notice(page)).to_contain_text("So this page cannot be shown now. Nothing is lost.")
    items = page.locator("#kept li").all_inner_texts()
    assert [" ".join(item.split()) for item in items] == [
        "Program 26 hours ago",
        "Day 1: Boost your skills 26 hours ago",
        "Day 2: Title to be announced 26 hours ago",
        "Day 3: Strengthen 26 hours ago",
    ]
    page.get_by_role("link", name="Day 3: Strengthen").click()
    expect(page).to_have_title("Offline copy: Day 3: Strengthen – PxP")


def test_past_program_is_kept_once_visited(site, visit):
    make_everything()
    page = visit()

    page.goto(f"{site}/2025/program/")
    wait_until_kept(page, "/2025/program/day-1/")
    page.context.set_offline(True)
    page.goto(f"{site}/2025/")

    names = page.locator("#kept a").all_inner_texts()
    assert [name.strip() for name in names][-2:] == ["2025 Program", "2025 Day 1"]
    page.get_by_role("link", name="2025 Day 1").click()
    expect(page.get_by_text("Global voices")).to_be_visible()


def test_easy_program_is_kept_once_visited(site, visit):
    make_everything()
    page = visit("/easy-read/program/")

    page.context.set_offline(True)
    page.goto(f"{site}/easy-read/program/")

    expect(page).to_have_title("Offline copy: Easy read: program – PxP")


# --- Online again, slow, or silent -----------------------------------------------------------------------------------


def test_online_again_the_page_is_new_and_so_is_its_copy(site, visit):
    make_everything()
    page = visit()
    page.context.set_offline(True)
    page.goto(f"{site}/program/day-2/")
    Day.objects.filter(conference=Conference.objects.current(timezone.now()), number=2).update(title="Trailblaze")

    page.context.set_offline(False)
    page.get_by_role("link", name="Load it again").click()

    expect(page).to_have_title("Day 2: Trailblaze – PxP")
    expect(page.get_by_role("alert")).to_have_count(0)
    wait_until_kept(page, "/program/day-2/", "Trailblaze")


def test_copies_around_a_page_are_renewed_after_a_day(site, visit):
    make_everything()
    page = visit()
    Day.objects.filter(number=3).update(title="Strengthened")

    page.reload()
    assert "Strengthened" not in kept(page)["/program/day-3/"]
    page.evaluate(AGE, 25 * HOUR)
    page.reload()

    wait_until_kept(page, "/program/day-3/", "Strengthened")


def test_on_a_poor_line_the_copy_comes_after_some_seconds(site, visit):
    make_everything()
    page = visit()

    page.context.route("**/program/", lambda route: None)  # asked, and never answered
    page.goto(f"{site}/program/")

    expect(notice(page)).to_contain_text("Our site does not answer")
    expect(notice(page)).to_contain_text("This is the program as of")


def test_where_the_site_is_out_of_order_the_copy_is_shown(site, visit):
    make_everything()
    page = visit()

    page.context.route("**/program/**", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.goto(f"{site}/program/day-1/")

    expect(notice(page)).to_contain_text("Our site does not answer")
    page.goto(f"{site}{SESSION}")
    expect(page.locator("body")).to_have_text("Bad gateway")  # there is no copy to show instead


def test_copy_has_its_style_when_the_real_site_is_away(real_site, new_page):
    url, program = real_site
    page = opened(new_page(service_workers="allow"), f"{url}/program/?tz=Asia/Tokyo")
    (style,) = [address for address in kept(page) if address.endswith(".css")]

    program.stop(signal.SIGTERM)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")  # nothing comes from there
    page.goto(f"{url}/program/day-1/?tz=Asia/Tokyo")

    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", style)
    expect(notice(page)).to_contain_text("Our site does not answer")
    expect(page.get_by_text("04:00 to 07:00 in Tokyo")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.head')).borderBottomWidth") == "1px"


def test_page_that_is_taken_from_the_site_is_taken_from_the_device(site, visit):
    make_everything()
    page = visit()

    Conference.objects.filter(pk=Conference.objects.current(timezone.now()).pk).update(is_published=False)
    page.goto(f"{site}/program/day-3/")

    expect(page).to_have_title("This page is not here – PxP")
    wait_until(page, lambda found: "/program/day-3/" not in found)


# --- What is never kept ----------------------------------------------------------------------------------------------


def test_nothing_of_a_person_or_of_organisers_is_kept(site, visit, client):
    make_everything()
    day = Conference.objects.current(timezone.now()).days.get(number=1)
    ada, bob = make_confirmed(day, now=timezone.now()), make_pending(day, name="Bob", now=timezone.now())
    page = visit()
    client.force_login(make_staff(is_superuser=True))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    page.context.add_cookies([cookie])
    personal = [
        links.my_url(ada),
        links.confirm_url(bob),
        links.join_url(the_registration(ada, day)),
        links.unsubscribe_url(ada),
    ]

    for url in [
        *personal,
        f"{site}/organisers/",
        f"{site}/register/day-1/",
        f"{site}/program/my-plan/?pick=day-1-session-1",
    ]:
        assert page.goto(url).ok
    key = personal[0].split("/")[-2]
    page.goto(f"{site}/program/?key={key}")
    page.context.set_offline(True)
    page.goto(personal[0])

    expect(page).to_have_title("You are offline: Read the program offline – PxP")
    everything = kept(page)
    assert set(everything) == OF_EVERY_VISITOR
    for secret in ["Ada", "Bob", "ada@", *(url.split("/")[-2] for url in personal)]:
        assert not re.search(secret, " ".join(everything.values()))


def test_worker_keeps_the_pages_of_the_program_and_no_others(visit):
    cast = Cast()  # with every address of the site, and real keys in those of persons
    addresses = {name: cast.address(name, "ada") for name in ANSWERS}
    of_editions = [f"/2027{path}" for name, path in addresses.items() if name.startswith("conference:")]
    page = visit()

    (worker,) = page.context.service_workers
    elsewhere = "https://else.example.org/program/"
    chosen = worker.evaluate("(all) => all.filter(addressOf)", [*addresses.values(), *of_editions, elsewhere])

    to_keep = {
        addresses[f"conference:{name}"] for name in ("program", "day", "session", "easy-read-program", "offline")
    }
    assert set(chosen) == to_keep | {f"/2027{path}" for path in to_keep}


def test_form_that_cannot_be_sent_stays_the_browser_s_and_can_be_sent_again(site, visit):
    make_everything()
    page = visit()
    page.goto(f"{site}/lost-link/")
    page.get_by_label("Your email address").fill("ada@example.org")

    page.context.set_offline(True)
    page.locator("main").get_by_role("button").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_contain_text("mail")


def test_only_a_hundred_pages_are_kept_and_the_oldest_go_first(site, visit):
    make_everything()
    page = visit()
    page.evaluate(MORE)

    page.goto(site + SESSION)
    wait_until_kept(page, SESSION)
    wait_until(page, lambda found: len(found) <= 100 + 2)

    left = set(kept(page))
    assert {SESSION, "/offline/", "/static/site.css", "/program/day-130/"} <= left
    assert "/program/day-11/" not in left


def test_who_saves_data_keeps_only_what_they_read(site, visit):
    make_everything()
    page = visit()
    (worker,) = page.context.service_workers
    worker.evaluate("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")

    page.goto(f"{site}/program/?tz=Asia/Tokyo")
    wait_until_kept(page, "/program/?tz=Asia%2FTokyo")
    page.wait_for_timeout(300)

    assert set(kept(page)) == OF_EVERY_VISITOR | {"/program/?tz=Asia%2FTokyo"}


# --- Without script, another version, and the end --------------------------------------------------------------------


def test_without_script_nothing_is_kept_and_nothing_else_changes(site, new_page):
    make_everything()
    page = new_page(script=False, service_workers="allow")
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))

    page.goto(f"{site}/program/day-1/", wait_until="networkidle")

    assert not [url for url in asked if url.endswith(".js") or "/offline/" in url]
    expect(page.get_by_text("See the times where you are")).to_be_visible()


def test_another_version_of_the_worker_takes_over_with_new_copies(site, visit, monkeypatch, tmp_path):
    make_everything()
    page = visit("/program/?tz=Asia/Tokyo")
    (before,) = page.evaluate("caches.keys()")
    (tmp_path / "worker.js").write_text(offline.WORKER.read_text() + "const ANOTHER = true;")
    monkeypatch.setattr(offline, "WORKER", tmp_path / "worker.js")

    page.goto(f"{site}/contact/")
    page.evaluate(TAKE_OVER)

    (after,) = page.evaluate("caches.keys()")
    assert after != before
    assert set(kept(page)) > {"/offline/", "/program/?tz=Asia%2FTokyo", "/program/day-3/?tz=Asia%2FTokyo"}


def test_switched_off_it_goes_from_every_device_with_the_next_visit(site, visit, settings):
    make_everything()
    page = visit()

    settings.OFFLINE_COPY = False
    page.goto(f"{site}/contact/")
    page.evaluate(UPDATE)
    wait_until(page, lambda found: not found)
    page.goto(site + SESSION, wait_until="networkidle")

    assert page.locator("script[data-worker]").count() == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


# --- For everybody ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/program/", "/program/day-1/?tz=Asia/Tokyo", "/register/", "/offline/"])
def test_page_shown_offline_can_be_used_by_everybody(site, visit, faults_of, path):
    make_everything()
    page = visit("/program/" + path.partition("?")[1] + path.partition("?")[2])

    page.context.set_offline(True)
    page.goto(site + path)

    expect(page.get_by_role("alert")).to_be_visible()
    assert faults_of(page) == []


def test_offline_page_can_be_used_by_everybody_online(site, page, faults_of):
    make_everything()

    page.goto(f"{site}/offline/")

    expect(page.get_by_role("alert")).to_have_count(0)
    assert faults_of(page) == []


def test_screen_reader_hears_that_it_is_a_copy_and_how_old_before_the_heading(site, visit, transcript):
    make_everything()
    page = visit()
    page.context.set_offline(True)
    page.goto(f"{site}/program/")

    spoken = transcript(page)

    alert = spoken.index("alert")
    assert spoken[alert + 1 : alert + 3] == ["paragraph", "You are offline"]
    assert alert < spoken.index("heading, Program, level 1")
    assert "(1 minute ago)" in " ".join(spoken[alert:])


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("is_offline", [False, True])
def test_nothing_jumps(site, visit, width, is_offline):
    make_everything()
    page = visit("/program/day-1/", width=width, timezone_id="America/Argentina/Buenos_Aires")

    page.context.set_offline(is_offline)
    page.goto(f"{site}/program/day-1/")
    expect(page.get_by_role("link", name="Use Buenos Aires time")).to_be_visible()

    assert page.evaluate(SHIFTS) == 0
