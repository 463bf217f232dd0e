"""Every page, mail and calendar in every language: in its language, marked as such, leading to itself in the others."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import trans_real

from conference.clock import clock_words, common_zones, countries, country_name, date_words, place_name
from conference.models import Day, Speaker, Text
from conference.scripts import direction_of, list_words
from conference.site.languages import in_language
from conference.texts import ensure_rows
from conference.translating import groups_of
from pxp import catalogues
from pxp.error_pages import WORDS
from registration import links
from registration.letters.samples import NOW as OF_SAMPLES
from registration.letters.samples import samples
from registration.letters.writing import compose, write_letter
from registration.models import OutboxMessage, Registrant
from registration.services.day_changes import call_off
from tests.factories import (
    NOW,
    make_announced_date,
    make_confirmed,
    make_pending,
    make_program,
    make_staff,
    the_registration,
)
from tests.support.words import Words, pretend

pytestmark = pytest.mark.django_db

LANGUAGES = ["en", "fr", "es", "ar"]
OTHERS = LANGUAGES[1:]
# One page of each kind.
PAGES = [
    "/",
    "/?tz=Asia/Tokyo",
    "/program/",
    "/program/my-plan/?pick=day-1-session-1",
    "/program/day-1/?tz=Asia/Tokyo",
    "/program/sessions/day-1-session-1/",
    "/speakers/",
    "/speakers/grace/",
    "/how-to-join/",
    "/easy-read/",
    "/easy-read/program/",
    "/easy-read/how-to-join/",
    "/new-here/",
    "/glossary/",
    "/partners/",
    "/accessibility/",
    "/accessibility/criteria/",
    "/privacy/",
    "/patients-included/",
    "/contact/",
    "/reading/?next=/program/",
    "/time-zone/",
    "/offline/",
    "/register/",
    "/register/day-1/",
    "/register/all/",
    "/register/thanks/",
    "/lost-link/",
]
# Not in the site map: pages that search engines need not know.
UNLISTED = ("/reading/", "/time-zone/", "/offline/", "/register/thanks/", "/lost-link/")


@pytest.fixture
def conference():
    return make_program(days=2, sessions=1, tagline="By us", contact_email="hello@pxp.example.org")


def page(client, path, language):
    """A page of the site in a language, asked for as someone who opens it."""
    return client.get(in_language(path, language))


# --- Addresses


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", PAGES)
def test_page_says_its_language_and_leads_to_itself_in_all_others(client, conference, path):
    bare = path.partition("?")[0]
    for language in LANGUAGES:
        response = page(client, path, language)

        html = response.text
        direction = "rtl" if language == "ar" else "ltr"
        assert (response.status_code, response["Content-Language"]) == (200, language)
        assert re.search(f'<html lang="{language}" dir="{direction}"', html)
        assert "Set-Cookie" not in response.headers
        assert "Accept-Language" not in response.get("Vary", "")
        others = dict(re.findall(r'href="([^"]+)" lang="(\w+)" hreflang="\2"', html))
        assert {code: href.replace("&amp;", "&") for href, code in others.items()} == {
            code: in_language(path, code) for code in LANGUAGES if code != language
        }
        if '<link rel="canonical"' in html:
            alternates = dict(re.findall(r'hreflang="([\w-]+)" href="http://testserver([^"]+)">', html))
            assert alternates == {code: in_language(bare, code) for code in LANGUAGES} | {"x-default": bare}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_page_keep_its_language(client, conference, path):
    html = page(client, path, "ar").text
    head, _main, body = html.partition("<body")

    ours = re.findall(r'(?:href|action)="(/[^"]*)"', re.sub(r'<a [^>]*hreflang="\w+">', "", body))

    assert [href for href in ours if not href.startswith(("/ar/", "/static/", "#"))] == []
    assert 'href="/ar/manifest.webmanifest"' in head


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_as_many_queries_in_every_language(client, conference, path):
    asked = {}
    for language in LANGUAGES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, path, language)
        asked[language] = len(queries)

    assert len(set(asked.values())) == 1, asked


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/FR/Program", "/fr/program/"),
        ("/fr", "/fr/"),
        ("/en/program/day-1/", "/program/day-1/"),
        ("/en/", "/"),
        ("/EN", "/"),
        ("/fr/register/day-2", "/fr/register/day-2/"),
    ],
)
def test_mistyped_address_leads_to_the_page_in_its_language(client, conference, typed, shown):
    response = client.get(typed, follow=True)

    assert (response.status_code, response.request["PATH_INFO"]) == (200, shown)


def test_wrong_address_is_told_in_its_language_with_the_way_home(client, conference):
    response = client.get("/ar/nowhere/")

    assert response.status_code == 404
    assert '<html lang="ar" dir="rtl">' in response.text
    assert '<a class="link" href="/fr/" lang="fr" hreflang="fr">Français</a>' in response.text


@pytest.mark.sqlite_only
def test_words_of_a_refused_request_are_not_in_the_language_of_the_start():
    with translation.override("ar"):
        said = [str(words) for title_and_advice in WORDS.values() for words in title_and_advice]

    assert [words for words in said if re.search("[a-z]{3}", words)] == []


def test_other_languages_come_with_the_menu_and_are_on_top_of_home(client, conference):
    """On a phone the style sheet hides those that follow a closed menu."""
    program, home = client.get("/program/").text, client.get("/").text
    links = '<nav class="langs small" aria-label="Other languages">'

    assert [page.count(links) for page in (program, home)] == [1, 2]
    assert program.index('<details class="menu">') < program.index(links) < program.index("</header>")
    assert home.index('<div class="wrap hero">') < home.rindex(links) < home.index("<h1>")


def test_site_map_names_each_page_in_each_language(client, conference):
    site_map = client.get("/sitemap.xml").text

    for path in {one.partition("?")[0] for one in PAGES} - {*UNLISTED, "/register/day-1/", "/register/all/"}:
        for language in LANGUAGES:
            assert site_map.count(f"<loc>http://testserver{in_language(path, language)}</loc>") == 1
    assert 'hreflang="x-default" href="http://testserver/program/"' in site_map


def test_script_writes_the_digits_that_the_site_writes(client, conference):
    """Old browsers write ٢٩ in Arabic unless they are told."""
    assert client.get("/ar/offline/").text.count('lang="ar-u-nu-latn"') == 4


def test_feed_and_manifest_and_calendar_are_in_the_language_of_their_address(client, conference):
    feed, manifest, calendar = (
        client.get(f"/ar/{path}") for path in ("program/changes.atom", "manifest.webmanifest", "program/day-1.ics")
    )

    assert 'xml:lang="ar"' in feed.text
    assert (manifest.json()["lang"], manifest.json()["dir"], manifest.json()["start_url"]) == ("ar", "rtl", "/ar/")
    assert "http://testserver/ar/program/day-1/" in calendar.text.replace("\r\n ", "")
    assert "SUMMARY:اليوم 1 من PxP: \u2068Theme 1\u2069" in calendar.text  # not a line from left to right


# --- A person


def test_person_has_the_language_of_their_form_until_they_choose_another(client, conference):
    day = conference.days.with_conference().first()
    form = {"name": "Ada", "email": "ada@example.org", "days": [day.number], "time_zone": "Europe/Paris"}

    sent = client.post("/fr/register/", form)
    ada = Registrant.objects.get()
    confirming = client.get(f"/confirm/{links.token('confirm', ada)}/")

    assert sent["Location"].startswith("/fr/register/thanks/")
    assert ada.language == "fr"
    assert {mail.language for mail in OutboxMessage.objects.all()} == {"fr"}
    assert '<html lang="fr"' in confirming.text

    ada = make_confirmed(day, name="Bob", language="fr")
    my = f"/my/{links.token('my', ada)}/"
    switched = client.post(my, {"action": "language-ar"})
    shown = client.get(switched["Location"])

    assert re.search('<html lang="ar" dir="rtl"', shown.text)
    assert "/ar/program/" in shown.text
    ada.refresh_from_db()
    assert ada.language == "ar"
    door = client.get(f"/join/{links.join_token(the_registration(ada, day))}/")
    assert '<html lang="ar" dir="rtl"' in door.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You are on the waiting list for Day 1"), ("fr", "Vous êtes sur la liste d’attente pour le jour 1")],
)
def test_day_takes_its_article_within_a_sentence(client, conference, language, words):
    day = Day.objects.in_order().first()
    day.capacity = 0
    day.save()
    ada = make_confirmed(day)
    Registrant.objects.update(language=language)

    response = client.get(links.my_url(ada))

    assert words in response.text


def test_link_that_does_not_work_says_so_in_the_language_of_its_person(client, conference):
    ada = make_confirmed(conference.days.with_conference().first(), language="ar")
    door = links.join_token(the_registration(ada, conference.days.first()))
    old = links.token("my", ada)
    Registrant.objects.update(page_link_version=2, door_link_version=2)

    # Both replaced; one of another purpose; one that a mail program has cut; of nobody at all.
    for path in (f"/my/{old}/", f"/join/{door}/", f"/confirm/{door}/", f"/my/{old[:30]}/"):
        response = client.get(path)
        assert (response.status_code, response["Content-Language"]) == (404, "ar")
        assert '<html lang="ar" dir="rtl"' in response.text
        assert 'href="/ar/lost-link/"' in response.text
    nobody = client.get("/my/x/")
    assert (nobody.status_code, nobody["Content-Language"]) == (404, "en")
    assert '<a class="link" href="/fr/lost-link/" lang="fr" hreflang="fr">Français</a>' in nobody.text


def test_form_that_seems_to_come_from_elsewhere_is_shown_in_the_language_of_its_person(client, conference):
    ada = make_confirmed(conference.days.with_conference().first(), language="fr")

    response = client.post(
        f"/my/{links.token('my', ada)}/", {"action": "drop", "day": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert '<html lang="fr"' in response.text
    assert "Appuyez sur le bouton encore une fois" in response.text


def test_message_in_another_language_than_its_reader_s_has_the_signs_of_its_own():
    for name, loaded in samples("fr"):
        if name.startswith("broadcast"):  # they have words in English alone
            with translation.override("fr"):
                message = compose(loaded, now=OF_SAMPLES)

            assert "Join Day 1:\nhttp" in message.body, name
            assert "\u00a0:" not in message.body, name


def test_subject_that_begins_with_a_name_has_the_french_colon():
    (loaded,) = (loaded for name, loaded in samples("fr") if name == "answer to a need, new")
    loaded.row.registrant.carer_name = "Grace"
    with translation.override("fr"):
        assert compose(loaded, now=OF_SAMPLES).subject == "Ada Lovelace : Un message de PxP pour vous"


def test_details_without_a_language_keep_the_one_there_is(client, conference):
    ada = make_confirmed(conference.days.with_conference().first(), language="es")

    client.post(f"/my/{links.token('my', ada)}/details/", {"name": "Ada"})

    ada.refresh_from_db()
    assert ada.language == "es"


def test_language_that_the_site_gave_up_is_refused_in_our_own_words(client, conference, settings):
    ada = make_confirmed(conference.days.with_conference().first(), language="ar")
    settings.LANGUAGES = [pair for pair in settings.LANGUAGES if pair[0] != "es"]

    response = client.post(f"/my/{links.token('my', ada)}/details/", {"name": "Ada", "language": "es"})

    assert response.status_code == 422
    assert "لغة رسائلنا: اختاروا من القائمة فقط." in " ".join(response.text.split())


def test_mail_is_in_the_language_that_its_row_holds(conference):
    ada = make_pending(conference.days.with_conference().first(), language="fr")
    Registrant.objects.update(language="en")
    (row,) = OutboxMessage.objects.for_person(ada)

    message = write_letter(row, now=NOW)

    html = message.alternatives[0].content
    assert '<html lang="fr" dir="ltr">' in html
    assert "http://testserver/fr/" in html


# --- The organisers' words


def test_page_shows_words_in_its_language_or_the_original_marked_as_such(client, conference):
    day = conference.days.get(number=1)
    day.translate("title", "fr", "Nos <forces>")
    day.save()

    french, arabic, english = (page(client, "/program/day-1/", language).text for language in ("fr", "ar", "en"))

    assert "<h1>Nos &lt;forces&gt;</h1>" in french
    assert '<h1><span lang="en" dir="ltr">Theme 1</span></h1>' in arabic
    assert "<h1>Theme 1</h1>" in english
    assert re.search(r"<title>[^<]*Theme 1", arabic)
    assert 'hint">2 ' in french  # the session's title, and that of the day after it
    assert "<span lang=" not in english


def test_parts_of_the_world_need_no_translation_but_take_one(client, conference):
    told = make_announced_date(conference.days.get(number=1), "Asia and Oceania")
    make_announced_date(conference.days.get(number=1), "Our friends", position=1)

    english, french, arabic = (page(client, "/program/day-1/", language).text for language in ("en", "fr", "ar"))
    missing = [part.original for group in groups_of(conference, "fr") for part in group.parts if part.is_missing]
    told.translate("region", "fr", "Asie, Pacifique")
    told.save()

    assert "in Asia and Oceania" in english
    assert "en Asie et Océanie" in french
    assert "آسيا وأوقيانوسيا" in arabic
    assert '<span lang="en">Our friends</span>' in french
    assert "Our friends" in missing
    assert "Asia and Oceania" not in missing
    assert "en Asie, Pacifique" in page(client, "/program/day-1/", "fr").text


def test_translation_of_what_is_gone_is_not_shown(client, conference):
    day = conference.days.get(number=1)
    day.translate("title", "fr", "Nos forces")
    day.title = ""
    day.save()

    assert "Nos forces" not in page(client, "/program/day-1/", "fr").text


def test_passage_of_the_organisers_says_its_language_on_each_block(client, conference):
    ensure_rows(conference)
    Text.objects.filter(key="contact").update(body="## Write\n\nTo us.")
    key = Text.objects.filter(key__startswith="contact").first().key
    Text.objects.filter(key=key).update(body="## Write\n\nTo us.")

    html = page(client, "/contact/", "ar").text

    assert '<h2 lang="en" dir="ltr">Write</h2>' in html
    assert '<p lang="en" dir="ltr">To us.</p>' in html


def test_words_for_partners_say_which_are_in_another_language(client, conference):
    Day.objects.filter(number=1).update(summary="For you.\nAnd us.")

    html = page(client, "/partners/", "ar").text

    english = {text for language, text in Words(html).found if language == "en"}
    assert {"For you.", "And us.", "\u2068Theme 1\u2069", "\u2068Theme 2\u2069"} <= english
    assert [text for language, text in Words(html).found if language == "ar" and "Theme" in text] == []


def test_organisers_see_what_is_missing_and_what_changed_since(client, conference):
    day = conference.days.get(number=1)
    client.force_login(make_staff())
    address = "/organisers/conference/conference/translations/2027/fr/?group=1"

    first = client.get(address).text
    key = f"conference.day-{day.pk}-title"
    seen = dict(re.findall(r'name="(seen-[^"]+)" value="(\w+)"', first))
    saved = client.post(address, seen | {key: "Nos forces"})
    again = client.post(address, seen | {key: "Autre chose"})

    assert saved.status_code == 302
    day.refresh_from_db()
    assert day.translations == {"fr": {"title": {"words": "Nos forces", "of": "Theme 1"}}}
    assert again.status_code == 409
    assert "Nos forces" in again.text
    assert "Autre chose" in again.text

    Day.objects.filter(pk=day.pk).update(title="Our strength")

    assert 'It was:\n<span lang="en" dir="ltr">Theme 1</span>' in client.get(address).text


def test_translations_are_closed_to_who_may_not_translate(client, conference):
    client.force_login(make_staff("Access team", username="access"))

    assert client.get("/organisers/conference/conference/translations/").status_code == 403
    assert client.get("/organisers/conference/conference/translations/2027/fr/").status_code == 403


# --- Dates and places

ZONES = [
    "Africa/Algiers",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Dakar",
    "Africa/Johannesburg",
    "Africa/Khartoum",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Tunis",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Caracas",
    "America/Halifax",
    "America/Havana",
    "America/Lima",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Montevideo",
    "America/New_York",
    "America/Port-au-Prince",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Amman",
    "Asia/Baghdad",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Riyadh",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Brussels",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Zurich",
    "Pacific/Auckland",
    "Pacific/Noumea",
]
AT = datetime(2027, 9, 12, 19, 5, tzinfo=UTC)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_those_of_cldr_in_40_zones(language):
    locale = Locale.parse("en_IE" if language == "en" else language)
    assert len(ZONES) == 40
    with translation.override(language):
        for name in ZONES:
            here = AT.astimezone(ZoneInfo(name))
            assert date_words(here.date()) == format_date(here.date(), "full", locale=locale)
            hour, minute = map(int, re.findall(r"\d+", clock_words(here)))
            assert (hour % 12, minute) == (here.hour % 12, here.minute)


# A comma or a semicolon of another script.
LATIN_SIGN = re.compile(r"(^|[\u0600-\u06ff][ \d]*)[,;]( |$)")


def with_latin_signs(html):
    return [text for language, text in Words(html).found if language == "ar" and LATIN_SIGN.search(text)]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", PAGES)
def test_arabic_page_has_no_comma_of_another_script(client, conference, path):
    assert with_latin_signs(page(client, path, "ar").text) == []


def test_person_s_pages_in_arabic_have_no_comma_of_another_script(client, conference):
    days = conference.days.with_conference().in_order()
    ada = make_confirmed(*days, name="أحمد", needs="ترجمة", language="ar")
    make_pending(*days, name="ليلى", email=ada.email, language="ar")
    my, private = f"/my/{links.token('my', ada)}/", f"/private/{links.private_token(ada, now=NOW)}/"

    for path in (my, f"{my}calendar/", f"{my}details/", private, f"{private}delete/", links.confirm_url(ada)):
        assert with_latin_signs(client.get(path).text) == [], path


@pytest.mark.parametrize("code", ["fr", "es", "ar"])
def test_what_a_button_deletes_stays_apart_from_its_label(client, conference, code):
    ada = make_confirmed(conference.days.with_conference().first(), needs="A ramp (wide)", language=code)

    html = client.get(f"/private/{links.private_token(ada, now=NOW)}/").text

    colon = "\u00a0: " if code == "fr" else ": "
    assert f'<span class="visually-hidden">{colon}<bdi>A ramp (wide)</bdi></span>' in html


# An address on a page or in a mail, with the element around it.
ADDRESS = re.compile(r"<([a-z]+)([^>]*)>\s*((?:https?|webcal)://[^<\s]+)\s*<")


def addresses_not_apart(html):
    return [url for tag, attributes, url in ADDRESS.findall(html) if tag != "bdi" and 'dir="ltr"' not in attributes]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/partners/", "/program/my-plan/?pick=day-1-session-1", "/reading/?text=larger"])
def test_slash_that_ends_an_address_stays_at_its_end_in_arabic(client, conference, path):
    html = page(client, path, "ar").text

    assert ADDRESS.search(html)
    assert addresses_not_apart(html) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/speakers/", "/speakers/grace/", "/program/sessions/day-1-session-1/"])
def test_dot_that_ends_a_name_stays_at_its_end_in_arabic(client, conference, path):
    Speaker.objects.filter(slug="grace").update(
        name="Grace Lee, Ph.D.", pronouns="she (any)", links="Home (1): https://a.test"
    )

    html = page(client, path, "ar").text.partition("<main")[2]

    for words in ("Grace Lee, Ph.D.", "she (any)", "Home (1)"):
        assert html.count(words) == html.count(f"<bdi>{words}</bdi>")
    assert "<bdi>Grace Lee, Ph.D.</bdi>" in html


def test_arabic_pages_have_no_comma_of_another_script(client, conference):
    first = conference.days.first()
    late = first.starts_at + timedelta(hours=2, minutes=30)  # after midnight in Riyadh, unlike the day
    first.sessions.update(starts_at=late, ends_at=first.ends_at)
    reem = make_confirmed(first, name="ريم", carer_name="هند", language="ar")
    shown = {path: page(client, path, "ar").text for path in [*PAGES, "/program/day-1/?tz=Asia/Riyadh"]}
    shown |= {"my": client.get(links.my_url(reem)).text, "delete": client.get(f"{links.my_url(reem)}delete/").text}

    found = {path: re.findall(r".{15}[\u0600-\u06ff] ?,|, ?[\u0600-\u06ff].{15}", html) for path, html in shown.items()}

    assert {path: slips for path, slips in found.items() if slips} == {}


@pytest.mark.django_db
def test_slash_that_ends_an_address_in_an_arabic_mail_stays_at_its_end():
    for name, loaded in samples("ar"):
        with translation.override("ar"):
            message = compose(loaded, now=OF_SAMPLES)

        assert addresses_not_apart(message.alternatives[0].content) == [], name


def begun_from_the_left(lines):
    """The Arabic lines that a program draws from left to right, by their first letter outside isolates (UAX #9 P2)."""
    bare = [re.sub("\u2068[^\u2069]*\u2069", "", line) for line in lines]
    return [line for line in bare if re.search("[\u0600-\u06ff]", line) and direction_of(line) == "ltr"]


@pytest.mark.django_db
def test_lines_of_arabic_mails_and_of_words_to_copy_begin_with_an_arabic_letter(client, conference):
    bodies = []
    for _name, loaded in samples("ar"):
        with translation.override("ar"):
            bodies.append(compose(loaded, now=OF_SAMPLES).body)
    copied = [text for _language, text in Words(page(client, "/partners/", "ar").text).found if "2027" in text]

    assert copied
    assert begun_from_the_left([*copied, *"\n".join(bodies).splitlines()]) == []


@pytest.mark.django_db
def test_name_in_an_arabic_mail_keeps_its_dot_at_its_end(conference):
    days = conference.days.with_conference().in_order()
    Day.objects.filter(pk=days[1].pk).update(capacity=0)
    make_confirmed(days[0], name="Ada L.", carer_name="Grace", language="ar")
    make_confirmed(days[1], name="Ada L.", email="g@example.org", carer_name="Grace", language="ar")
    written = [write_letter(row, now=NOW).body for row in OutboxMessage.objects.filter(letter="confirmation")]
    link = dict(samples("ar"))["link"]
    link.people[0].name = "Ada L."
    written.append(compose(link, now=OF_SAMPLES).body)

    assert len(written) == 3
    for body in written:
        assert body.count("Ada L.") == body.count("\u2068Ada L.\u2069") > 0


def test_words_that_an_organiser_wrote_run_in_their_own_direction_in_an_arabic_mail():
    for name, loaded in samples("ar"):
        if loaded.why or loaded.need:
            with translation.override("ar"):
                html = compose(loaded, now=OF_SAMPLES).alternatives[0].content

            assert 'class="note" dir="auto"' in html, name


@pytest.mark.django_db
def test_change_in_the_program_begins_with_a_capital(client, conference):
    call_off(conference.days.with_conference().first(), now=NOW)

    html = page(client, "/program/day-1/", "fr").text

    assert 'datetime="2027-09-01T12:00:00+00:00">Mercredi 1er septembre 2027</time>' in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/?tz=Asia/Kolkata", "/program/", "/program/day-1/", "/program/my-plan/",
                                  "/register/", "/easy-read/program/", "/partners/"])  # fmt: skip
def test_line_that_begins_with_a_weekday_has_a_capital(client, path):
    conference = make_program(days=2, sessions=1)
    make_announced_date(conference.days.first())

    # What begins a line: the first words after an element of its own, but for those that are bold, small or a time.
    html = page(client, path, "fr").text
    weekdays = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    begun = re.findall(rf"<(?:p|li|dd|br|small|legend)\b[^>]*>\s*(?:<(?:b|time|span)\b[^>]*>\s*)*({weekdays})\b", html)

    assert begun == []


def test_clock_follows_language_and_country():
    said = {}
    for language, zone in [("fr", "America/Toronto"), ("fr", "Europe/Paris"), ("es", "America/Mexico_City"),
                           ("es", "Europe/Madrid"), ("ar", "Africa/Cairo"), ("en", "America/Toronto")]:  # fmt: skip
        with translation.override(language):
            said[language, zone] = clock_words(AT.astimezone(ZoneInfo(zone)))

    assert said == {
        ("fr", "America/Toronto"): "15\u00a0h\u00a005",
        ("fr", "Europe/Paris"): "21:05",
        ("es", "America/Mexico_City"): "1:05\u00a0p.m.",
        ("es", "Europe/Madrid"): "21:05",
        ("ar", "Africa/Cairo"): "10:05\u00a0م",
        ("en", "America/Toronto"): "3:05 pm",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_have_no_narrow_blank(language):
    """Old phones show it as a box."""
    with translation.override(language):
        said = {clock_words(AT.astimezone(ZoneInfo(zone))) for zone in ZONES}

    assert [words for words in said if "\u202f" in words] == []


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Ana", "Inés"], "Ana e Inés"),
        (["Ana", "Bo", "Hilda"], "Ana, Bo e Hilda"),
        (["agua", "hielo"], "agua y hielo"),
        (["Inés", "Ana"], "Inés y Ana"),
        (["Inés"], "Inés"),
    ],
)
def test_spanish_and_changes_before_the_same_sound(names, said):
    with translation.override("es"):
        assert list_words(names) == said


def test_names_of_countries_and_places_are_in_the_language():
    for language, country, place in [("fr", "Allemagne", "Le Caire"), ("es", "Alemania", "El Cairo")]:
        with translation.override(language):
            assert (country_name("DE"), place_name("Africa/Cairo")) == (country, place)
    with translation.override("fr"):
        assert date_words(date(2027, 9, 12)) == "dimanche 12 septembre 2027"


def test_list_of_countries_begins_with_a_name_in_its_own_script():
    with translation.override("ar"):
        assert [countries()[0][1], countries()[-1][1]] == ["إثيوبيا", "Sark"]  # CLDR has no Arabic name for that one


def test_no_place_keeps_an_english_name_because_its_zone_was_renamed():
    renamed = ["Asia/Kolkata", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Asia/Ho_Chi_Minh", "America/Coyhaique"]
    with translation.override("ar"):
        assert [place_name(zone) for zone in renamed] == [
            "كالكتا", "كييف", "بوينوس أيرس", "مدينة هو تشي منة", "Coyhaique"
        ]  # fmt: skip
        assert [zone for zone in common_zones() if re.search("[a-z]", place_name(zone))] == []
    with translation.override("fr"):
        assert place_name("Asia/Kathmandu") == "Katmandou"
    with translation.override("en"):
        assert [place_name(zone) for zone in renamed[:2]] == ["Kolkata", "Kyiv"]


# --- A language that does not exist

MADE_UP = "xx"


@pytest.fixture
def made_up(settings, tmp_path):
    """A fifth language: one setting, and one catalogue, in which each vowel of ours has a dot."""
    settings.LANGUAGES = [*settings.LANGUAGES, (MADE_UP, "Dȯtted")]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]
    catalogue = catalogues.template(catalogues.ATTENDEES)
    for message in catalogue:
        if message.id:
            message.string = tuple(map(pretend, message.id)) if message.pluralizable else pretend(message.id)
    folder = tmp_path / MADE_UP / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    trans_real._translations.pop(MADE_UP, None)
    yield MADE_UP
    trans_real._translations.pop(MADE_UP, None)


# Names, and what comes from CLDR, which has English for a language that it does not know.
NAMES = re.compile(
    r"PxP|Theme \d|Topic \d|Grace|Ada|Bob|Eve|hello@pxp\.example\.org|[\w.+-]+@[\w.]+|https?:\S+|http\S+|UTC|ICS|"
    r"English|Français|Español|Dȯtted|\{\w+\}|Lovelace|Hopper|We asked an interpreter|She can come|"
    r"Two of our speakers live where it would be 4 in the morning|"
    r"WCAG|Patients Included|Asia and Oceania|By us|invite\.ics|Zoom|"
    r"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day|September|October|November|January|am\b|pm\b|\band\b|\bor\b"
)


def not_marked(html):
    """The texts of a page in the made-up language that are not in it, without names."""
    places = {place_name(zone) for zone in ZONES} | {"Vancouver", "Manila"}
    left = []
    for language, text in Words(html).found:
        if language != MADE_UP:
            continue
        rest = NAMES.sub("", text)
        for name in sorted(places, key=len, reverse=True):
            rest = rest.replace(name, "")
        if re.search(r"[aeou]\w|\w[aeou]", rest):
            left.append(text)
    return left


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_a_page_is_in_a_catalogue(client, conference, made_up, path):
    make_announced_date(conference.days.first())

    html = page(client, path, made_up).text

    assert f'<html lang="{made_up}" dir="ltr"' in html
    assert not_marked(re.sub(r"<select.*?</select>", "", html, flags=re.S)) == []


@pytest.mark.sqlite_only
def test_every_word_of_a_mail_is_in_a_catalogue(made_up):
    left = {}
    for name, loaded in samples(made_up):
        with translation.override(made_up):
            message = compose(loaded, now=OF_SAMPLES)
        html = message.alternatives[0].content
        html = html.replace("Trailblaze new approaches", "").replace("With patient partners, or as one.", "")
        left |= {name: texts} if (texts := not_marked(html)) else {}

    assert left == {}


def test_every_word_of_a_person_s_pages_is_in_a_catalogue(client, conference, made_up):
    day = conference.days.with_conference().first()
    ada = make_confirmed(day, language=made_up)
    key = links.token("my", ada)
    pages = ("", "details/", "address/", "new-link/", "calendar/", "answers/", "needs/", "data/", "delete/")
    paths = [f"/my/{key}/{one}" for one in pages]
    paths += [f"/confirm/{links.token('confirm', ada)}/", f"/unsubscribe/{links.token('unsubscribe', ada)}/"]
    paths += [
        f"/join/{links.join_token(the_registration(ada, day))}/",
        f"/private/{links.private_token(ada, now=NOW)}/",
    ]

    left = {}
    for path in paths:
        html = re.sub(r"<select.*?</select>", "", client.get(path).text, flags=re.S)
        assert f'<html lang="{made_up}"' in html, path
        left |= {path: texts} if (texts := not_marked(html)) else {}

    assert left == {}
