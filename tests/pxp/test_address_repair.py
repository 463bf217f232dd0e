"""Links that a mail program or a person damaged still lead to their page."""

import pytest

from pxp.address_repair import mend
from registration import links
from tests.factories import make_confirmed, make_day, make_program, the_registration


def where(client, path):
    """Return where a visitor of `path` ends, and the status there."""
    response = client.get(path, follow=True)
    return response.redirect_chain[-1][0] if response.redirect_chain else path, response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/Program/", "/program/"),
        ("/PROGRAM/Day-1", "/program/day-1/"),
        ("/program", "/program/"),
        ("/program//day-1/", "/program/day-1/"),
        ("/register/day-1/.", "/register/day-1/"),
        ("/register/day-1.", "/register/day-1/"),
        ("/register/day-1/)", "/register/day-1/"),
        ("/register/day-1/%22", "/register/day-1/"),
        ("/register/day-1/%E2%80%9D,", "/register/day-1/"),
        ("/register/%20", "/register/"),
        ("/register/%E2%80%8B", "/register/"),
        ("/register/%3E", "/register/"),
        ("/program.ICS;", "/program.ics"),
        ("/2027/Program/", "/2027/program/"),
        ("/Register?tz=Asia/Tokyo", "/register/?tz=Asia/Tokyo"),
        ("/&utm_source=letter", "/"),
        ("/register/&utm_source=letter", "/register/"),
        ("/register/&amp;utm_source=letter", "/register/"),
        ("/register&utm_source=letter?mc_cid=1", "/register/?mc_cid=1"),
        ("/register/%3Futm_source=letter", "/register/"),
        ("/register/day-1%3Futm_source%3Dletter%26utm_medium%3Demail", "/register/day-1/"),
        ("/program.ics%3Fx=1", "/program.ics"),
        ("/register/%2520", "/register/"),
        ("/register/day-1/%253E", "/register/day-1/"),
        ("/register/%3Chttp://testserver/register/%3E", "/register/"),
        ("/register/%0D%0ASee%20you", "/register/"),
    ],
)
def test_damaged_address_leads_to_the_page(client, written, meant):
    make_program()

    assert where(client, written) == (meant, 200)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/", "/Nowhere", "/program/day-9/", "/my/", "/nowhere&a=1", "/no%3Fa"])
def test_address_of_no_page_stays_not_found(client, path):
    make_program()

    assert client.get(path).status_code == 404


@pytest.fixture
def ada(db):
    return make_confirmed(make_day())


@pytest.mark.parametrize(
    "damage",
    [
        "{url}.",
        "{url})",
        "{url}%22",
        "{url}%3E.",
        "{slashless}",
        "{slashless}.",
        "{slashless}),",
        "{slashless}*",
        "{slashless}%E2%80%9D/",
        "/MY/{key}/",
        "/My//{key}/",
        "/my/%20{key}/",
        "/my/{key}%0A/",
        "/my/{first}%0D%0A{second}/",
        "/my/{first}%20{second}",
        "/my/{first}%3D%0A{second}",
        "{url}&utm_source=letter",
        "{url}&amp;utm_source=letter",
        "{url}%3Futm_source=letter",
        "{slashless}&utm_source=letter",
        "{slashless}%3Futm_source%3Dletter%26utm_medium%3Demail",
        "{url}%2520",
        "{url}%3Chttp://testserver{url}%3E",
        "{slashless}%3Chttp://testserver{url}%3E",
        "{url}%0D%0ABye",
    ],
)
def test_damaged_personal_link_opens_the_person_s_page(client, ada, damage):
    key = links.token("my", ada)
    parts = {"url": f"/my/{key}/", "slashless": f"/my/{key}", "key": key, "first": key[:20], "second": key[20:]}

    assert where(client, damage.format(**parts)) == (f"/my/{key}/", 200)


def test_slashes_before_an_address_lead_to_no_other_site():
    assert mend("//program/") == "/program/"
    assert mend("//evil.example/program/") is None


@pytest.mark.parametrize("behind", ["", ".", ")", "%22", "%0A/"])
def test_every_page_and_file_of_a_person_survives(client, ada, behind):
    day = ada.registrations.get().day
    for path in (
        f"/my/{links.token('my', ada)}/details/",
        f"/calendar/{links.token('calendar', ada)}.ics",
        f"/calendar/{links.token('calendar', ada)}/day-1.ics",
        f"/join/{links.join_token(the_registration(ada, day))}/",
        f"/unsubscribe/{links.token('unsubscribe', ada)}/",
    ):
        assert where(client, path + behind) == (path, 200)
    assert where(client, f"/calendar/{links.token('calendar', ada)}.ICS{behind}")[1] == 200


def test_key_with_other_capitals_opens_nothing(client, ada):
    key = links.token("my", ada).swapcase()

    assert client.get(f"/my/{key}/").status_code == 404


def test_form_is_never_sent_elsewhere(client, ada):
    assert client.post("/My/x/", {"action": "drop"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "zone"),
    [("tz=Asia/Tokyo).", '?tz=Asia/Tokyo"'), ("x=1&amp;tz=Asia/Tokyo", '?tz=Asia/Tokyo"'), ("tz=Mars)", "Mars")],
)
def test_damaged_parameter_still_counts(whole_site, query, zone):
    make_program()

    assert zone in whole_site.get(f"/program/?{query}").text
