"""What a posted link shows, and the words that partners pass on."""

import hashlib
import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from conference.models import Conference, Day
from conference.pictures.share_cards import TITLES, Card, card_for
from conference.pictures.share_images import draw
from conference.site.edition import Edition
from conference.texts.partner_words import texts
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_announced_date,
    make_conference,
    make_day,
    make_program,
    make_session,
    make_speaker,
)

pytestmark = pytest.mark.sqlite_only

TWO_REGIONS = ("Europe, Africa, North and South America", "Asia and Oceania")


def make_announced(year=2027):
    """Make an edition of two days, both with their dates as announced to two regions."""
    conference = make_conference(slug=str(year), cost="free")
    for number, title in ((1, "Boost your skills"), (2, "Trailblaze new approaches")):
        starts_at = FIRST_DAY.replace(year=year, day=11 + number)
        day = make_day(conference, number, title=title, summary=f"Summary {number}.", starts_at=starts_at)
        make_announced_date(day, TWO_REGIONS[0], date=day.starts_at.date())
        make_announced_date(day, TWO_REGIONS[1], position=1)
    return conference


def current(now=NOW):
    conference = Conference.objects.current(now)
    return Edition(conference, conference, now)


# --- What pictures say --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_card_of_the_home_page_names_the_dates_of_each_region():
    make_announced()

    assert card_for(current(), "home") == Card(
        "PxP 2027",
        "For Patients, By Patients",
        (("12 to 13 September", TWO_REGIONS[0]), ("13 to 14 September", TWO_REGIONS[1])),
        days=2,
    )


@pytest.mark.django_db
def test_card_of_a_day_lights_its_circle():
    make_announced()

    assert card_for(current(), "day-2") == Card(
        "PxP 2027 · Day 2",
        "Trailblaze new approaches",
        (("Monday 13 September", TWO_REGIONS[0]), ("Tuesday 14 September", TWO_REGIONS[1])),
        2,
        "Day 2",
        2,
    )


@pytest.mark.django_db
def test_card_of_a_session_without_title_and_of_a_day_without_regions_says_what_is_known():
    make_session(make_day(make_conference(), 1), 3, title="")

    assert card_for(current(), "day-1-session-3") == Card(
        "PxP 2027 · Day 1 · Session 3", "Session 3", (("Sunday 12 September", ""),), 1, "Session 3", 1
    )


@pytest.mark.django_db
def test_card_of_a_day_that_is_called_off_says_so():
    make_day(make_conference(), 1, called_off_at=NOW)

    assert card_for(current(), "day-1").lines == (("Called off", ""),)


@pytest.mark.django_db
def test_card_of_an_edition_names_the_dates_of_the_days_that_take_place():
    conference = make_conference()
    days = [make_day(conference, number) for number in (1, 2, 3, 4)]

    Day.objects.filter(pk=days[1].pk).update(called_off_at=NOW)
    some = card_for(current(), "home")
    Day.objects.update(called_off_at=NOW)
    none = card_for(current(), "home")

    assert (some.lines, some.days) == ((("12 September and 14 to 15 September", ""),), 4)
    assert (none.lines, none.days) == ((("Called off", ""),), 4)


@pytest.mark.django_db
def test_card_of_an_edition_over_the_end_of_a_month_names_both():
    conference = make_conference()
    make_day(conference, 1, starts_at=FIRST_DAY.replace(day=30))
    make_day(conference, 2, starts_at=FIRST_DAY.replace(month=10, day=1))

    assert card_for(current(), "program").lines == (("30 September to 1 October", ""),)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["day-9", "day-1-session-9", "speaker-eve", "nothing", "day-", "day-99999"])
def test_page_that_is_not_there_has_no_picture(client, name):
    make_program()

    assert client.get(f"/share/{name}.png").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", TITLES)
def test_title_on_the_picture_is_that_of_the_page(client, name):
    make_program()

    html = client.get(current().url(name)).text

    assert unescape(re.search("<h1>(.*?)</h1>", html)[1]) == TITLES[name]


# --- How pictures are sent ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "day-1", "day-2-session-3", "speaker-grace"])
def test_picture_has_the_size_that_services_ask_for_and_little_weight(client, name):
    make_program()

    response = client.get(f"/share/{name}.png")

    assert (response["Content-Type"], response["Cache-Control"]) == ("image/png", "public, max-age=3600")
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert len(response.content) < 60_000


@pytest.mark.django_db
def test_picture_is_sent_once(client):
    make_program()
    first = client.get("/share/day-1.png")

    second = client.get("/share/day-1.png", headers={"if-none-match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")


@pytest.mark.django_db
def test_picture_of_an_older_edition_is_its_own(client):
    make_program()
    make_day(make_conference(slug="2025"), starts_at=FIRST_DAY.replace(year=2025), title="Back then")

    pictures = {client.get(path).content for path in ("/share/day-1.png", "/2025/share/day-1.png")}

    assert len(pictures) == 2


def test_same_card_gives_the_same_bytes():
    card = Card("PxP 2027", "For Patients, By Patients", (("12 to 14 September", TWO_REGIONS[0]),))
    digests = set()
    for _time in range(2):
        draw.cache_clear()
        digests.add(hashlib.sha256(draw(card)).hexdigest())

    assert len(digests) == 1


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "كلمات عربية",
        "דבר אליי",
        "患者の声 🎉👩‍🦽",
        "👩‍🦽",
        "a" * 300,
        "word " * 60,
        "Zoë O’Brien & Søn – ½",
        "\u202eback\u0000wards\n\n",
    ],
)
def test_any_title_gives_a_picture(title):
    assert Image.open(BytesIO(draw(Card("Day 1", title, ((title, title),), 1, "Day 1")))).size == (1200, 630)


def test_title_that_the_letters_cannot_write_gives_way_to_the_spare_one():
    written = draw(Card("PxP", "Day 1", (), 1, "Day 1"))

    assert draw(Card("PxP", "كلمات عربية 🎉", (), 1, "Day 1")) == written


def test_marks_that_nobody_sees_break_no_word_in_a_picture():
    written = draw(Card("PxP", "Engagement"))

    assert draw(Card("PxP", "Engage\u00adment\u200b")) == written


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5])
def test_picture_has_a_circle_for_each_day(days):
    image = Image.open(BytesIO(draw(Card("PxP", "Title", days=days)))).convert("RGB")
    colours = {"purple": (91, 42, 145), "green": (132, 202, 132)}

    seen = []
    for y in range(image.height):
        pixel = image.getpixel((1115, y))  # beside the letters
        for name, colour in colours.items():
            is_it = sum(abs(a - b) for a, b in zip(colour, pixel, strict=True)) < 30
            if is_it and seen[-1:] != [name]:
                seen.append(name)

    assert seen == ["purple", "green", "purple", "green", "purple"][:days]


def test_long_title_stays_off_the_dates_and_the_circles():
    image = Image.open(BytesIO(draw(Card("PxP", "word " * 60, (("12 September", "Asia"),))))).convert("RGB")

    ink = (35, 20, 58)
    gap = image.crop((0, 478, 900, 484)), image.crop((905, 100, 920, 300))
    assert not any(
        sum(abs(a - b) for a, b in zip(pixel, ink, strict=True)) < 60
        for part in gap
        for pixel in part.get_flattened_data()
    )


# --- What a page says of itself -----------------------------------------------------------------------------------


def said(html):
    return {
        name: unescape(words)
        for name, words in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html)
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "image"),
    [
        ("/", "/share/home.png"),
        ("/program/", "/share/program.png"),
        ("/program/day-2/", "/share/day-2.png"),
        ("/program/sessions/day-1-session-2/", "/share/day-1-session-2.png"),
        ("/speakers/grace/", "/share/speaker-grace.png"),
        ("/partners/", "/share/partners.png"),
        ("/register/", "/share/home.png"),
        ("/register/day-3/", "/share/day-3.png"),
    ],
)
def test_page_says_what_a_link_to_it_shows(client, path, image):
    make_program()

    html = client.get(path).text

    meta = said(html)
    title = unescape(re.search("<title>(.*?) – PxP</title>", html)[1])
    assert meta["og:title"] == title
    assert meta["og:description"] == meta["description"].strip()
    assert meta["og:url"] == f"http://testserver{path}"
    assert meta["og:image"] == f"http://testserver{image}"
    assert meta["twitter:card"] == "summary_large_image"
    assert client.get(image).status_code == 200


@pytest.mark.django_db
def test_words_with_quotes_stay_within_what_a_link_shows(client):
    make_session(make_day(make_conference()), 1, title='"><script>alert(1)</script>')

    html = client.get("/program/sessions/day-1-session-1/").text

    assert "<script>alert" not in html
    assert said(html)["og:title"] == '"><script>alert(1)</script> (Day 1, Session 1)'


@pytest.mark.django_db
def test_page_that_is_not_there_shows_no_link(client):
    make_program()

    assert "og:url" not in client.get("/nowhere/").text


# --- Words for partners -------------------------------------------------------------------------------------------


def as_copied(html):
    """What someone has after copying the words into a plain text."""
    paragraphs = re.findall(r"<p>(.*?)</p>", html, re.DOTALL)
    return "\n\n".join(unescape(paragraph.replace("<br>", "\n")) for paragraph in paragraphs)


@pytest.mark.django_db
def test_short_words_say_what_when_and_where():
    make_announced()
    days = list(Day.objects.all().with_announced_dates())

    assert texts(current(), days)[0].words == (
        "PxP 2027 is a free online conference about patient engagement in health research. For Patients, By Patients. "
        "12 to 13 September (Europe, Africa, North and South America); 13 to 14 September (Asia and Oceania). "
        "http://testserver/register/"
    )


@pytest.mark.django_db
def test_longer_words_have_the_link_of_each_day():
    make_announced()
    days = list(Day.objects.all().with_announced_dates())

    for text in texts(current(), days)[1:]:
        for number in (1, 2):
            assert re.search(rf"http://testserver/register/day-{number}/$", text.words, re.MULTILINE)


@pytest.mark.django_db
def test_page_for_partners_shows_all_words_as_they_are(client):
    make_announced()
    days = list(Day.objects.all().with_announced_dates())

    html = client.get("/partners/").text

    shown = [as_copied(words) for words in re.findall(r'<div class="copy">(.*?)</div>', html, re.DOTALL)]
    assert shown == [text.words for text in texts(current(), days)]


@pytest.mark.django_db
def test_words_leave_out_what_is_called_off_and_what_nobody_knows(client):
    conference = make_conference(cost="")
    make_day(conference, 1, starts_at=FIRST_DAY)
    make_day(conference, 2, starts_at=FIRST_DAY.replace(day=13), called_off_at=NOW)

    html = client.get("/partners/").text

    assert "/register/day-1/" in html
    assert "/register/day-2/" not in html
    assert "is an online conference" in html


@pytest.mark.django_db
def test_words_for_one_day_ask_nobody_to_choose(client):
    make_day(make_conference(), 1)

    html = client.get("/partners/").text

    assert "/register/all/" not in html
    assert "each day you want to join" not in html
    assert html.count("Sign up for Day 1: http://testserver/register/day-1/") == 2
    assert "It leads to the sign-up form, with its day ticked." in html


@pytest.mark.django_db
def test_words_ask_nobody_to_sign_up_for_a_day_that_takes_nobody_any_more(client, machine_clock):
    conference = make_conference()
    days = [make_day(conference, number) for number in (1, 2, 3)]
    machine_clock.move_to(days[0].ends_at)

    html = client.get("/partners/").text

    assert "/register/day-1/" not in html
    assert "/register/day-2/" in html
    assert "/register/all/" in html
    assert "12 to 14 September" in html

    conference.days.update(sign_up_closes_at=days[0].ends_at)
    html = client.get("/partners/").text

    assert "Sign-up is closed, so there is nothing to announce now." in html
    assert "/register/day-2/" not in html


@pytest.mark.django_db
def test_nothing_is_announced_when_it_is_over(client):
    make_day(make_conference(slug="2025"), starts_at=FIRST_DAY.replace(year=2025))
    make_speaker()

    html = client.get("/2025/partners/").text

    assert "There is nothing to announce yet" in html
    assert 'class="copy"' not in html
