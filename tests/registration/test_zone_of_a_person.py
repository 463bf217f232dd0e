"""A person's clock: every page and mail works also when the zone database drops its name, and Kosovo has one."""

import pytest
from django.urls import reverse

from conference.clock import canonical_zone
from registration import links
from registration.forms.countries import country_of
from registration.models import OutboxMessage, Registrant, Registration
from registration.services.days import send_again
from tests.factories import NOW, make_confirmed, make_program, make_staff
from tests.letters import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(db):
    return list(make_program(sessions=1).days.with_conference().order_by("number"))


@pytest.mark.parametrize("name", ["Mars/Olympus_Mons", "EST"])
def test_pages_and_mails_of_a_person_whose_zone_was_dropped_are_in_utc(client, days, name):
    ada = make_confirmed(days[0])
    Registrant.objects.filter(pk=ada.pk).update(time_zone=name)
    ada.refresh_from_db()
    token = links.token("my", ada)
    door = links.join_token(Registration.objects.for_person(ada).get())
    feed = links.token("calendar", ada)

    paths = [
        f"/my/{token}/",
        f"/my/{token}/details/",
        f"/my/{token}/address/",
        f"/join/{door}/",
        f"/calendar/{feed}.ics",
    ]
    answers = {path: client.get(path).status_code for path in paths}
    send_again(ada, now=NOW)

    assert answers == dict.fromkeys(paths, 200)
    assert "19:00" in client.get(paths[0]).text
    assert "UTC" in text_of(OutboxMessage.objects.newest_first().first())


def test_person_whose_zone_was_dropped_chooses_another(client, days):
    ada = make_confirmed(days[0])
    Registrant.objects.filter(pk=ada.pk).update(time_zone="Mars/Olympus_Mons")

    client.post(f"/my/{links.token('my', ada)}/details/", {"name": "Ada", "time_zone": "Asia/Tokyo"})

    ada.refresh_from_db()
    assert ada.time_zone == "Asia/Tokyo"


def test_organisers_see_a_person_whose_zone_was_dropped(client, days):
    ada = make_confirmed(days[0], country="")
    Registrant.objects.filter(pk=ada.pk).update(time_zone="Mars/Olympus_Mons")
    client.force_login(make_staff())

    for name in ("registrant", "registration"):
        assert client.get(reverse(f"admin:registration_{name}_changelist")).status_code == 200
    assert client.get(reverse("admin:registration_registrant_change", args=[ada.pk])).status_code == 200


@pytest.mark.parametrize("zone_name", ["Europe/Skopje", "Atlantic/Canary", "Africa/Ceuta", "Europe/Guernsey"])
def test_zone_that_two_territories_share_names_the_one_that_has_it(zone_name):
    assert country_of(canonical_zone(zone_name)) in {"MK", "ES", "GG"}


def test_person_from_kosovo_finds_their_country(client, days):
    ada = make_confirmed(days[0])

    client.post(f"/my/{links.token('my', ada)}/details/", {"name": "Ada", "country": "XK"})

    ada.refresh_from_db()
    assert ada.country == "XK"
