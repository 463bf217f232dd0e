"""Organisers' pages as a whole: each answers, asks few queries, and the first one says how things are."""

import pytest
from django.urls import reverse

from conference.models import Conference, Day, Session, Speaker, Text
from conference.texts import ensure_rows
from registration.groups import ACCESS_TEAM, ORGANISERS
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from registration.services.days import cancel
from tests.factories import (
    NOW,
    make_announced_date,
    make_appearance,
    make_confirmed,
    make_program,
    make_session,
    make_speaker,
    make_staff,
    the_registration,
)

pytestmark = pytest.mark.django_db

MODELS = (Conference, Day, Session, Speaker, Text, Registrant, Registration, OutboxMessage, AccessRequest)
DELETABLE = (Day, Session, Speaker)


@pytest.fixture
def days():
    conference = make_program(sessions=1)
    ensure_rows(conference)
    return list(Day.objects.for_edition(conference))


@pytest.fixture
def organiser(client):
    client.force_login(make_staff(ORGANISERS, ACCESS_TEAM))
    return client


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages():
    """The address of each page for the newest row of each kind."""
    yield reverse("admin:index")
    for app in ("conference", "registration"):
        yield reverse("admin:app_list", args=[app])
    for model in MODELS:
        row = model.objects.order_by("-pk").first()
        yield address(model, "changelist")
        yield address(model, "change", row.pk)
        yield address(model, "history", row.pk)
        if model in (Conference, *DELETABLE):
            yield address(model, "add")
        if model in DELETABLE:
            yield address(model, "delete", row.pk)


def test_every_page_answers(organiser, days):
    make_confirmed(*days, needs="Captions, please")

    statuses = {url: organiser.get(url).status_code for url in pages()}

    assert set(statuses.values()) == {200}, statuses


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_asks_as_many_queries_for_three_rows_as_for_one(model, organiser, days, django_assert_max_num_queries):
    make_confirmed(days[0], needs="Captions, please")
    organiser.get(address(model, "changelist"))  # what is read once for all
    with django_assert_max_num_queries(100) as with_one:
        organiser.get(address(model, "changelist"))

    for number, name in enumerate(("Bob", "Eve"), start=2):
        conference = make_program(slug=f"202{number}", sessions=2)
        ensure_rows(conference)
        make_confirmed(*days, name=name, needs="A sign language interpreter", country="NZ")

    with django_assert_max_num_queries(len(with_one)):
        organiser.get(address(model, "changelist"))


@pytest.mark.parametrize("model", [Day, Session, Speaker, Registrant], ids=lambda model: model.__name__)
def test_a_row_asks_as_many_queries_with_much_as_with_little(model, organiser, days, django_assert_max_num_queries):
    registrant = make_confirmed(days[0])
    make_announced_date(days[0])
    row = model.objects.order_by("pk").first()
    organiser.get(address(model, "change", row.pk))
    with django_assert_max_num_queries(100) as with_little:
        organiser.get(address(model, "change", row.pk))

    for number in (2, 3):
        speaker = make_speaker(days[0].conference, slug=f"speaker-{number}", name=f"Speaker {number}")
        make_appearance(days[0].sessions.get(number=1), speaker)
        make_appearance(make_session(days[0], number), Speaker.objects.order_by("pk").first())
        make_announced_date(days[0], region=f"Region {number}")
    cancel(the_registration(registrant, days[0]), now=NOW)
    make_confirmed(*days)

    with django_assert_max_num_queries(len(with_little)):
        organiser.get(address(model, "change", row.pk))


def test_filters_that_no_page_offers_are_refused(organiser, days):
    person = make_confirmed(days[0], needs="Captions, please")

    for url in (
        f"{address(Registrant, 'changelist')}?access_requests__isnull=0",
        f"{address(Registrant, 'changelist')}?name_key__startswith=a",
        f"{address(OutboxMessage, 'changelist')}?raw__contains=token",
        f"{address(Registration, 'changelist')}?registrant__access_requests__isnull=0",
    ):
        assert organiser.get(url).status_code == 400, url
    assert organiser.get(f"{address(OutboxMessage, 'changelist')}?registrant={person.pk}").status_code == 200


def test_a_filter_with_a_wrong_value_shows_everything(organiser, days):
    make_confirmed(days[0])
    arabic = str(days[0].pk).translate({ord("0") + digit: chr(0x660 + digit) for digit in range(10)})

    for question in (
        "day=x",
        "conference=99999999999999999999999",
        "status=x",
        f"day={arabic}",
        "country=",
        "address=x",
    ):
        response = organiser.get(f"{address(Registrant, 'changelist')}?{question}")

        assert response.context["cl"].result_count == 1, question
