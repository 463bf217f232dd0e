"""Statements whose SQL is written once give what Django's own give, with the values of each call."""

import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from conference.models import NewRow, insert, prepared
from registration.models import OutboxMessage, Registrant
from registration.models.registrants import locked_person, note_verified, person_known_as
from registration.models.registrations import days_of_person
from registration.status import Letter, MailKind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_people():
    conference = factories.make_conference()
    days = [factories.make_day(conference, number) for number in (1, 2)]
    return [factories.make_confirmed(*days, name=name, email=f"{name}@example.org") for name in ("Ada", "Bo")]


def test_each_call_has_its_own_values(two_people):
    ada, bo = two_people

    found = [person_known_as.first(person.public_id) for person in (ada, bo, ada)]

    assert found == [ada, bo, ada]
    assert person_known_as.first(uuid.uuid4()) is None


def test_the_rows_are_those_of_the_queryset(two_people, django_assert_num_queries):
    (found,) = person_known_as.rows(two_people[0].public_id)
    plain = Registrant.objects.get(pk=found.pk)

    with django_assert_num_queries(0):
        assert found.conference.pk == found.conference_id
    assert {name: value for name, value in vars(found).items() if name[0] != "_"} == {
        name: value for name, value in vars(plain).items() if name[0] != "_"
    }


def test_the_sql_is_written_once(two_people):
    calls = []

    @prepared
    def with_name(name):
        calls.append(name)
        return Registrant.objects.filter(name=name)

    assert [with_name.exists(name) for name in ("nobody", two_people[0].name, "nobody")] == [False, True, False]
    assert len(calls) == 1


def test_none_is_refused_instead_of_finding_nothing(two_people):
    with pytest.raises(ValueError, match="None"):
        days_of_person.rows(None)


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction(two_people):
    with transaction.atomic():
        assert locked_person.get(two_people[0]) == two_people[0]
    with pytest.raises(transaction.TransactionManagementError):
        locked_person.get(two_people[0])


def test_get_says_that_the_row_is_gone(two_people):
    with pytest.raises(Registrant.DoesNotExist), transaction.atomic():
        locked_person.get(two_people[1].pk + 1)


def test_an_update_changes_the_rows_it_is_for(two_people):
    _ada, bo = two_people
    Registrant.objects.update(verified_at=None)
    now = timezone.now()

    assert note_verified.update(bo, now) == 1

    assert list(Registrant.objects.order_by("pk").values_list("verified_at", flat=True)) == [None, now]


@pytest.mark.parametrize("number", [1, 4, 25])
def test_rows_are_written_as_bulk_create_writes_them(two_people, number):
    now = timezone.now()

    def mails():
        return [
            OutboxMessage(
                registrant=two_people[0],
                letter=Letter.INVITE,
                kind=MailKind.INVITE,
                to_email=f"{place}@example.org",
                message_id=uuid.uuid4().hex,
                created_at=now,
                due_at=now,
                facts={"registrations": [place]},
                lease=uuid.uuid4() if place == 2 else None,
            )
            for place in range(number)
        ]

    written, plain = insert(mails()), OutboxMessage.objects.bulk_create(mails())

    def columns(rows):
        found = OutboxMessage.objects.in_bulk([row.pk for row in rows])
        left_out = {"_state", "id", "message_id", "lease"}
        assert [found[row.pk].message_id for row in rows] == [row.message_id for row in rows]
        assert [found[row.pk].lease for row in rows] == [row.lease for row in rows]
        return [{name: value for name, value in vars(found[row.pk]).items() if name not in left_out} for row in rows]

    assert columns(written) == columns(plain)
    assert not any(row._state.adding for row in written)


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert([]) == []


def test_row_that_is_there_is_not_written_again_and_the_transaction_goes_on(two_people, django_assert_num_queries):
    ada = two_people[0]
    new = {"conference": ada.conference, "email_key": ada.email_key, "name": "Else", "created_at": timezone.now()}
    unique = ("conference", "email_key", "name_key")

    with transaction.atomic():
        with django_assert_num_queries(1):
            assert not NewRow(Registrant(name_key=ada.name_key, **new), *unique).write()
        assert NewRow(other := Registrant(name_key="else", **new), *unique).write()

    assert Registrant.objects.get(name="Else") == other
    assert Registrant.objects.count() == 3
