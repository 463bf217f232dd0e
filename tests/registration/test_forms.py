"""The sign-up form: what it takes, what it refuses, and the words with which it says so."""

import itertools
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from registration.forms import LostLinkForm, SignUpForm
from tests.factories import NOW, make_announced_date, make_program

pytestmark = pytest.mark.django_db

TYPED = {"name": "Ada", "email": "ada@example.org", "days": ["1", "3"], "time_zone": ""}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().with_announced_dates().order_by("number"))


def posted(**changes):
    """What a browser sends for TYPED with `changes`; None leaves a field out."""
    data = QueryDict(mutable=True)
    for name, value in (TYPED | changes).items():
        if value is not None:
            data.setlist(name, value if isinstance(value, list) else [value])
    return data


def errors(days_there, now=NOW, **changes):
    """The form's errors for `changes`: (field, words) pairs."""
    form = SignUpForm(posted(**changes), days=days_there, now=now)
    return [(name, str(words)) for name, found in form.errors.items() for words in found]


def cleaned(days_there, field, **changes):
    form = SignUpForm(posted(**changes), days=days_there, now=NOW)
    assert form.errors == {}
    return form.cleaned_data[field]


# --- What it takes ---------------------------------------------------------------------------------------------------


def test_valid_form_says_who_comes_when(days):
    form = SignUpForm(posted(time_zone="Asia/Tokyo", carer_name=" Bob  B. "), days=days, now=NOW)

    assert form.errors == {}
    assert form.cleaned_data["days"] == [days[0], days[2]]
    ada = form.person()
    assert (ada.name, ada.email, ada.country, ada.time_zone) == ("Ada", "ada@example.org", "JP", "Asia/Tokyo")
    assert (ada.carer_name, ada.language) == ("Bob B.", "en")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoë O'Brien & Søn", "Zoë O'Brien & Søn"),
        ("  Ada \t Lovelace\r\nBcc: eve@", "Ada Lovelace Bcc: eve@"),
        ("Ada\r\nBcc", "Ada Bcc"),
        ("Ada\x00 \x1b[31mLovelace", "Ada [31mLovelace"),
        ("\u202eeve\u202c", "eve"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("Ada 👩\u200d🦽", "Ada 👩\u200d🦽"),
        ("Zoe\u0308", "Zoë"),
        ("Ada \U0001fae9", "Ada \U0001fae9"),  # newer than the Unicode of Python 3.13
        ("Ada \U0001fadf\U0001f3fd", "Ada \U0001fadf\U0001f3fd"),
        ("Ada \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", None),  # the flag of Scotland
        ("Ada\U000e0065\U000e0076\U000e0069\U000e006c", "Ada"),  # the letters of a flag without one
        ("Ada \U0001f3f4\U000e0067", "Ada \U0001f3f4"),
        ("A\ufdd0d\uffffa\ue000\U000f0000\ud800", "Ada"),
        ("山田 太郎", "山田 太郎"),
        ("St.John", "St.John"),
        ("X Æ A-12", "X Æ A-12"),
        ("<b>Ada</b>", "<b>Ada</b>"),
        ("A" * 200, "A" * 200),
    ],
)
def test_name_arrives_as_typed_without_what_cannot_be_seen(days, typed, kept):
    kept = typed if kept is None else kept

    assert cleaned(days, "name", name=typed) == kept
    assert cleaned(days, "needs", needs=kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada.Lovelace@Example.ORG ", "Ada.Lovelace@Example.ORG"),
        ("\u00a0ada@example.org\u200b", "ada@example.org"),
        ("ada＠example.org", "ada@example.org"),
        ("ada+pxp@bücher.example", "ada+pxp@bücher.example"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_address_arrives_as_typed_but_for_slips(days, typed, kept):
    assert cleaned(days, "email", email=typed) == kept


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("america/toronto", "America/Toronto"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("America/St_Johns", "America/St_Johns"),
        ("UTC", "UTC"),
        ("", ""),
        ("Mars/Olympus", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_time_zone_is_any_real_one_or_none(days, typed, zone):
    assert cleaned(days, "time_zone", time_zone=typed) == zone


def test_needs_keep_their_lines(days):
    assert cleaned(days, "needs", needs="More time\r\n\r\nA quiet line\x07") == "More time\n\nA quiet line"


def test_every_combination_of_days_is_taken(days):
    for count in (1, 2, 3):
        for chosen in itertools.combinations("123", count):
            assert [str(day.number) for day in cleaned(days, "days", days=list(chosen))] == list(chosen)


# --- What it refuses -------------------------------------------------------------------------------------------------


def test_empty_form_says_what_to_do_for_each_field(days):
    nothing = dict.fromkeys(TYPED)

    assert errors(days, **nothing) == [
        ("days", "Choose at least one day."),
        ("name", "Enter a name. Any name you like will do."),
        ("email", "Enter your email address, like name@example.org."),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "   ", "Enter a name. Any name you like will do."),
        ("name", "\u200b\u202e", "Enter a name. Any name you like will do."),
        ("name", "\u3164", "Enter a name. Any name you like will do."),
        ("name", "\u115f\uffa0", "Enter a name. Any name you like will do."),
        ("name", "...", "Enter a name. Any name you like will do."),
        ("name", "A" * 212, "Make this shorter: it may have 200 characters, and yours has 212."),
        ("name", "n" * 300, "Make this shorter: it may have 200 characters, and yours has 300."),
        ("email", "ada", "The @ is missing. Enter the whole email address, like name@example.org."),
        ("email", "ada example.org", "The @ is missing. Enter the whole email address, like name@example.org."),
        ("email", "ada lovelace@example.org", "Take the space out of your email address."),
        ("email", "ada@example.org\r\nBcc: eve@example.org", "Enter one address only."),
        ("email", "ada@example", "Check your email address. It looks like name@example.org."),
        ("email", "ada@localhost", "Check your email address. It looks like name@example.org."),
        ("email", "ada@example..org", "Check your email address. It looks like name@example.org."),
        ("email", "ada@example,org", "Check your email address. It looks like name@example.org."),
        ("email", "ada@@example.org", "Check your email address. It looks like name@example.org."),
        (
            "email",
            "ada.@example.org",
            "We cannot write to an address with two dots in a row, or with a dot first or last before the @. "
            "Check the dots, or use another address.",
        ),
        ("email", "ada@example.org,eve@example.org", "Enter one address only."),
        ("email", '"ada"@example.org', "Check your email address. It looks like name@example.org."),
        ("email", "ada@[127.0.0.1]", "Check your email address. It looks like name@example.org."),
        (
            "email",
            "zoë@example.org",
            "We cannot write to an address with “ë” before the @. Use an address with plain letters there: a to z.",
        ),
        ("email", "a" * 250 + "@example.org", "Make this shorter: it may have 254 characters, and yours has 262."),
        ("days", ["9"], "Choose from these days."),
        ("days", ["1", "<script>"], "Choose from these days."),
        ("needs", "A" * 10_001, "Make this shorter: it may have 10000 characters, and yours has 10001."),
    ],
)
def test_mistake_is_answered_with_what_to_do(days, field, typed, words):
    assert errors(days, **{field: typed}) == [(field, words)]


def test_day_that_is_over_is_refused_by_name_and_not_offered(days):
    now = days[0].ends_at + timedelta(minutes=1)

    form = SignUpForm(posted(), days=days, now=now)

    assert form.errors == {"days": ["Day 1 is over. Choose another day."]}
    assert [value for value, _card in form.fields["days"].choices] == ["2", "3"]
    assert form["days"].value() == ["1", "3"]


# --- What it shows ---------------------------------------------------------------------------------------------------


def test_day_is_chosen_beforehand(days):
    form = SignUpForm(days=days, now=NOW, chosen=[2])

    assert form["days"].value() == ["2"]


def test_visitor_zone_fills_city_and_hours(days):
    form = SignUpForm(days=days, now=NOW, zone=ZoneInfo("Asia/Tokyo"))

    assert (form["time_zone"].value(), form.place) == ("Asia/Tokyo", "Tokyo")
    _number, card = form.fields["days"].choices[0]
    assert card.dates == [("", "2027-09-13T04:00:00+09:00", "Monday 13 September, 04:00 to 07:00")]


def test_start_in_the_small_hours_is_said_with_its_night(days):
    form = SignUpForm(days=days, now=NOW, zone=ZoneInfo("Asia/Kolkata"))

    _number, card = form.fields["days"].choices[0]
    words = "Late on Sunday night (12:30 am to 3:30 am on Monday 13 September)"
    assert card.dates == [("", "2027-09-13T00:30:00+05:30", words)]


def test_without_a_zone_the_hours_go_with_the_date_in_utc_alone(days):
    make_announced_date(days[0])

    form = SignUpForm(days=list(days[0].conference.days.with_announced_dates()), now=NOW)

    assert (form["time_zone"].value(), form.place) == ("", "")
    dates = [card.dates for _number, card in form.fields["days"].choices]
    in_utc = ("", "2027-09-12T19:00:00+00:00", "Sunday 12 September, 19:00 to 22:00 UTC")
    assert dates[0] == [in_utc, ("Asia and Oceania", "2027-09-13", "Monday 13")]
    assert dates[1] == [("", "2027-09-13T19:00:00+00:00", "Monday 13 September, 19:00 to 22:00 UTC")]


def test_form_shown_once_more_keeps_all_that_was_typed(days):
    typed = posted(name="", needs="More\r\ntime", time_zone="UTC", carer_name="Bob")

    form = SignUpForm.kept(typed, days=days, now=NOW)

    assert not form.errors
    assert form.typed() == {
        "days": ["1", "3"],
        "time_zone": "UTC",
        "name": "",
        "email": "ada@example.org",
        "attendee_name": None,
        "carer_name": "Bob",
        "needs": "More\r\ntime",
    }


def test_old_name_of_a_zone_stays_chosen_in_the_list(days):
    form = SignUpForm(posted(time_zone="Asia/Calcutta", name=""), days=days, now=NOW)

    assert form["time_zone"].value() == "Asia/Kolkata"
    assert '<option value="Asia/Kolkata" selected>' in str(form["time_zone"])


@pytest.mark.sqlite_only
def test_lost_link_form_words_its_errors():
    assert LostLinkForm({"email": ""}).errors == {"email": ["Enter your email address, like name@example.org."]}
    assert LostLinkForm({"email": " ADA@example.org "}).is_valid()
