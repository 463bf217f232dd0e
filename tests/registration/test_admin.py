"""Organisers' pages for people, registrations and mails."""

import pytest
from django.urls import reverse

from conference.models import Conference, Day, Session, Speaker, Text
from conference.texts import ensure_rows
from registration.groups import ACCESS_TEAM, ORGANISERS
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from tests.factories import make_confirmed, make_program, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def days():
    conference = make_program()
    ensure_rows(conference)
    return list(Day.objects.of(conference))


@pytest.fixture
def organiser(client):
    client.force_login(make_staff(ORGANISERS))
    return client


def pages():
    """The address of every page that the admin has for a row of each kind."""
    yield reverse("admin:index")
    for app in ("conference", "registration"):
        yield reverse("admin:app_list", args=[app])
    for model in (Conference, Day, Session, Speaker, Text, Registrant, Registration, OutboxMessage, AccessRequest):
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{names}_changelist")
        row = model.objects.first()
        yield reverse(f"{names}_change", args=[row.pk])
        yield reverse(f"{names}_history", args=[row.pk])
        if model in (Conference, Day, Session, Speaker):
            yield reverse(f"{names}_add")
            yield reverse(f"{names}_delete", args=[row.pk])


def test_every_page_answers(client, days):
    make_confirmed(*days, needs="Captions, please")
    client.force_login(make_staff(ORGANISERS, ACCESS_TEAM, is_superuser=True))

    statuses = {url: client.get(url).status_code for url in pages()}

    assert set(statuses.values()) == {200}, statuses
