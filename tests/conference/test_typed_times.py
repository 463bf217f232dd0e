"""Dates, times and links as people type and paste them into the organisers' forms."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conference.admin.form_fields import TypedDateTimeField
from conference.clock.parsing import date_from, time_from
from conference.models import Conference, Day, Session, Speaker
from conference.pasted_text import join_link_from, link_from
from tests.factories import FIRST_DAY, make_conference, make_day, make_session, make_speaker, make_staff

JOIN = "https://us02web.zoom.us/j/85912345678?pwd=Abc.1"
INVITATION = f"""PxP is inviting you to a scheduled Zoom meeting.

Topic: Day 1
Time: Sep 12, 2027 07:00 PM Universal Time UTC

Join Zoom Meeting
<{JOIN}>

Meeting ID: 859 1234 5678
Passcode: 123456
One tap mobile
+13017158592,,85912345678#,,,,*123456# US
Find your local number: https://us02web.zoom.us/u/kdAbc12
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19:00", time(19)),
        ("19:00:30", time(19, 0, 30)),
        ("7:00 PM", time(19)),
        ("7pm", time(19)),
        ("7 p.m.", time(19)),
        ("12:30 am", time(0, 30)),
        ("12 pm", time(12)),
        ("19.00", time(19)),
        ("19h00", time(19)),
        ("19 h 30", time(19, 30)),
        ("19h", time(19)),
    ],
)
def test_a_time_is_taken_as_people_type_it(text, expected):
    assert time_from(text) == expected


@pytest.mark.parametrize("text", ["7", "1900", "25:00", "19:60", "13 pm", "0:30 am", "evening", "7:00 8:00"])
def test_a_time_that_could_be_another_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="Write a time like 19:00 or 7:00 pm"):
        time_from(text)


@pytest.mark.parametrize(
    "text",
    [
        "2027-09-12",
        "2027/9/12",
        "12 September 2027",
        "Sunday, 12 September 2027",
        "September 12, 2027",
        "Sept. 12th 2027",
        "12 sep 2027",
        "12-SEP-2027",
    ],
)
def test_a_date_is_taken_as_people_type_it(text):
    assert date_from(text) == date(2027, 9, 12)


@pytest.mark.parametrize("text", ["12/9/2027", "9/12/2027", "12.09.2027", "12-9-27", "13/9/2027"])
def test_a_date_in_numbers_is_never_guessed(text):
    with pytest.raises(ValueError, match="can be read in two ways"):
        date_from(text)


@pytest.mark.parametrize("text", ["31 September 2027", "12 September", "September 2027", "tomorrow", "2027-13-01"])
def test_what_is_no_date_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="Write a date of the calendar, like 12 September 2027"):
        date_from(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "field"), [("admin:conference_conference_change", "contact_email"), ("admin:auth_user_change", "email")]
)
def test_an_address_is_taken_out_of_what_is_pasted(page, field, client):
    staff = make_staff(is_superuser=True)
    client.force_login(staff)
    row = make_conference() if field == "contact_email" else staff
    form = client.get(reverse(page, args=[row.pk])).context["adminform"].form

    for pasted in (
        "PxP <hello@pxp.example.org>",
        "hello@pxp.example.org\u200b",
        "mailto:hello@pxp.example.org",
        "Write to: hello@pxp.example.org,",
    ):
        assert form.fields[field].clean(pasted) == "hello@pxp.example.org"
        assert form.fields[field].bound_data(pasted, "") == "hello@pxp.example.org"
    assert form.fields[field].clean(" ") == ""
    for wrong in ("hello at pxp", "a@b.org, c@d.org", f"{'x' * 250}@example.org", "a@b.org\x00"):
        with pytest.raises(ValidationError):
            form.fields[field].clean(wrong)


@pytest.mark.parametrize(
    "text",
    [
        JOIN,
        f" <{JOIN}> ",
        f"Join: {JOIN}.",
        INVITATION,
        INVITATION.replace("\n", " "),
        "https://eur01.safelinks.protection.outlook.com/?url="
        "https%3A%2F%2Fus02web.zoom.us%2Fj%2F85912345678%3Fpwd%3DAbc.1&data=05",
        f"Host: https://us02web.zoom.us/s/85912345678?zak=eyJ0\nGuests: {JOIN}",
        f"Join: <{JOIN[:30]}\r\n  {JOIN[30:]}>",  # RFC 3986, appendix C
        f"<{JOIN}>\n<{JOIN}>",
        f"{JOIN}、",
        f"{JOIN}، ",
        f"{JOIN}\u200b",
        f"\u2068{JOIN}\u2069",
        f'<a href="{JOIN}&quot;',
        f"https://urldefense.com/v3/__{JOIN}__;!!AbC!dEf$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__us02web.zoom.us_j_85912345678-3Fpwd-3DAbc.1&d=DwMF",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fus02web.zoom.us%2fj%2f85912345678%3fpwd%3dAbc.1&c=E",
        "https://www.google.com/url?q=https%3A%2F%2Fus02web.zoom.us%2Fj%2F85912345678%3Fpwd%3DAbc.1&amp;sa=D",
    ],
)
def test_the_join_link_is_taken_out_of_what_is_pasted(text):
    assert join_link_from(text) == JOIN


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("us02web.zoom.us/j/85912345678", "https://us02web.zoom.us/j/85912345678"),
        ("Teams https://teams.microsoft.com/l/meetup-join/19%3a1/0 "
         "Options: https://teams.microsoft.com/meetingOptions/?organizerId=1",
         "https://teams.microsoft.com/l/meetup-join/19%3a1/0"),
        ("https://meeting.example.org/j/1", "https://meeting.example.org/j/1"),
        ("https://meeting.example.org/j/1?a=1&amp;b=2", "https://meeting.example.org/j/1?a=1&b=2"),
        ("https://meeting.example.org/j/1\nPasscode: 123456", "https://meeting.example.org/j/1"),
        ("https://meeting.example.org/j/1\n123456", "https://meeting.example.org/j/1"),
        ("https://meeting.example.org/j/1\nWelcome!", "https://meeting.example.org/j/1"),
        ("Meet https://meet.google.com/abc-defg-hij\n\n+1-234?x=1", "https://meet.google.com/abc-defg-hij"),
    ],
)  # fmt: skip
def test_other_services_and_shapes_of_join_links(text, link):
    assert join_link_from(text) == link


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://us02web.zoom.us/s/85912345678?zak=eyJ0eXAi", "would make every guest a host"),
        ("https://us02web.zoom.us/s/85912345678", "would make every guest a host"),
        ("https://zoom.us/wc/85912345678/start", "would make every guest a host"),
        ("https://urldefense.com/v3/__https://zoom.us/s/85912345678__;!!AbC!dEf$", "would make every guest a host"),
        ("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fzoom.us%2fs%2f859", "would make every guest a host"),
        ("https://urldefense.com/v3/__https://zoom.us/j/859?pwd=a*b__;Lw!!AbC!dEf$", "a mail program has changed"),
        (f"{JOIN[:30]}\n{JOIN[30:]}", "a mail program has cut it"),
        (f"{JOIN[:45]}=\n{JOIN[45:]}", "a mail program has cut it"),
        ("https://us02web.zoom.us/j/85912345678?zak=eyJ0", "would make every guest a host"),
        ("https://us02web.zoom.us/w/85912345678?tk=Xyz", "belongs to one registered person"),
        ("https://example.org/a https://example.org/b", "several links"),
        ("Meeting ID: 859 1234 5678", "Paste a web address"),
        ("https://", "Paste a web address"),
    ],
)
def test_a_link_that_is_not_for_guests_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words):
        join_link_from(text)


def test_a_link_in_brackets_is_taken():
    assert link_from("<https://youtu.be/xJw>") == "https://youtu.be/xJw"


# --- In the forms


def day_form(conference, **changes):
    tables = {f"{name}-{part}_FORMS": 0 for name in ("announced_dates", "sessions") for part in ("TOTAL", "INITIAL")}
    times = {"starts_at_0": "2027-09-12", "starts_at_1": "19:00", "ends_at_0": "2027-09-12", "ends_at_1": "22:00"}
    return {"conference": conference.pk, "number": 1} | tables | times | changes


def add_day(client, **changes):
    return client.post(reverse("admin:conference_day_add"), day_form(make_conference(), **changes))


@pytest.mark.django_db
def test_a_day_is_saved_from_what_was_typed(organiser):
    response = add_day(organiser, starts_at_0="12 September 2027", starts_at_1="7:00 PM", ends_at_1="22h00")

    assert response.status_code == 302
    assert Day.objects.get().starts_at == FIRST_DAY


@pytest.mark.django_db
def test_a_date_that_can_be_read_in_two_ways_is_an_error_and_stays_as_typed(organiser):
    response = add_day(organiser, starts_at_0="12/9/2027")

    form = response.context["adminform"].form
    assert form.errors["starts_at"] == [
        "“12/9/2027” can be read in two ways. Write the month as a word, like 12 September 2027."
    ]
    assert 'value="12/9/2027"' in str(form["starts_at"])


@pytest.mark.django_db
def test_a_pasted_invitation_becomes_the_join_link_and_is_shown(organiser):
    day = make_day()
    url = reverse("admin:conference_day_change", args=[day.pk])

    shown = organiser.post(url, day_form(day.conference, meeting_url=INVITATION, number=0))
    organiser.post(url, day_form(day.conference, meeting_url=INVITATION))

    assert shown.context["adminform"].form["meeting_url"].value() == JOIN
    day.refresh_from_db()
    assert day.meeting_url == JOIN


@pytest.mark.django_db
def test_a_hosts_link_is_refused_at_its_field(organiser):
    day = make_day()
    link = "https://us02web.zoom.us/s/85912345678?zak=eyJ0eXAi"

    response = organiser.post(
        reverse("admin:conference_day_change", args=[day.pk]), day_form(day.conference, meeting_url=link)
    )

    [error] = response.context["adminform"].form.errors["meeting_url"]
    assert error.startswith("This link starts the meeting")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "make", "wrong"),
    [
        (Conference, make_conference, {"slug": "28", "name": ""}),
        (Conference, make_conference, {"slug": "pxp"}),
        (Conference, make_conference, {"slug": "3000", "door_opens_minutes": "x"}),
        (Session, make_session, {"number": 0, "title": "x" * 400}),
        (Session, make_session, {"number": 1000}),
        (Session, make_session, {"day": ""}),
        (Day, make_day, {"number": 0, "starts_at_0": ""}),
        (Day, make_day, {"number": 1000, "conference": ""}),
        (Speaker, make_speaker, {"name": "", "conference": ""}),
    ],
)
def test_a_wrong_value_is_an_error_of_its_field_on_a_new_row_and_a_known_one(organiser, model, make, wrong):
    row = make()
    names = [field.name for field in model._meta.fields]
    tables = ("announced_dates", "sessions", "appearances", "reminders")
    data = {f"{name}-{part}_FORMS": 0 for name in tables for part in ("TOTAL", "INITIAL")}
    data |= {name: getattr(row, f"{name}_id", getattr(row, name, "")) or "" for name in names}
    name = model._meta.model_name

    for url in (reverse(f"admin:conference_{name}_add"), reverse(f"admin:conference_{name}_change", args=[row.pk])):
        response = organiser.post(url, data | wrong)

        assert response.status_code == 200
        assert response.context["adminform"].form.errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"), [("山田 太郎", "speaker"), ("Łucja Søn", "lucja-son"), ("Grace", "grace-2"), ("—", "speaker")]
)
def test_a_speakers_address_is_made_by_itself(organiser, name, slug):
    conference = make_speaker().conference

    response = organiser.post(reverse("admin:conference_speaker_add"), {"conference": conference.pk, "name": name})

    assert response.status_code == 302
    assert Speaker.objects.get(name=name, slug=slug)


@pytest.mark.django_db
def test_a_speakers_address_stays_when_the_name_changes(organiser):
    grace = make_speaker()
    url = reverse("admin:conference_speaker_change", args=[grace.pk])

    organiser.post(url, {"conference": grace.conference_id, "name": "Grace Ho", "slug": "other"})

    grace.refresh_from_db()
    assert (grace.name, grace.slug) == ("Grace Ho", "grace")


@pytest.mark.django_db
def test_rows_can_be_added_without_script(organiser):
    session = make_session()

    day_page = organiser.get(reverse("admin:conference_day_change", args=[session.day_id])).text
    session_page = organiser.get(reverse("admin:conference_session_change", args=[session.pk])).text

    assert 'name="sessions-1-title"' in day_page
    assert 'name="announced_dates-0-region"' in day_page
    assert 'name="appearances-0-speaker"' in session_page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("12 September 2027", ""), "Write the time too, like 19:00 or 7:00 pm."),
        (("", "19:00"), "Write the date too, like 12 September 2027."),
    ],
)
@pytest.mark.parametrize("is_required", [True, False])
def test_half_of_a_date_with_a_time_is_told_what_is_missing(typed, words, is_required):
    with pytest.raises(ValidationError) as refused:
        TypedDateTimeField(required=is_required).clean(list(typed))

    assert refused.value.messages == [words]
