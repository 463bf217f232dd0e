"""Nothing that people do gets slower with every person and every mail: each look-up has its index.

Reads what the database itself says of each statement (EXPLAIN), with 100,000 rows in each table.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection

from registration import links
from registration.models import (
    AccessRequest,
    AttemptCount,
    Broadcast,
    LinkRequest,
    OutboxMessage,
    Pace,
    Registrant,
    Registration,
    SpentMail,
)
from registration.models.outbox import HAS_CAPITALS
from registration.services import foresee
from registration.services.lost_link import answer_link_requests
from tests.factories import NOW, make_confirmed, make_program

ROWS = 100_000
LARGE = (AccessRequest, AttemptCount, OutboxMessage, Pace, Registrant, Registration, SpentMail)
HEX = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def multiply(model, **different):
    """Copy the model's first row, with SQL for the columns in which each copy differs; `n` counts them."""
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(different.get(name, f'one."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    numbers = {
        "sqlite": f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS})",  # noqa: S608
        "postgresql": f"WITH s(n) AS (SELECT generate_series(1, {ROWS}))",
    }[connection.vendor]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) {numbers} "  # noqa: S608
            f"SELECT {values} FROM (SELECT * FROM {table} LIMIT 1) AS one, s"
        )


def fill_tables(person):
    """Make 100,000 of each: people, who have a day, mails, needs and all that is counted of them."""
    new_id = HEX[connection.vendor]
    address, first = "'ada' || n || '@example.org'", Registrant.objects.order_by("pk").last().pk
    multiply(Registrant, public_id=new_id, email=address, email_key=address)
    of_person = {"registrant_id": f"{first} + n"}
    multiply(Registration, reference=new_id, invite_uid=new_id, **of_person)
    multiply(AccessRequest, **of_person)
    multiply(OutboxMessage, message_id="'mail' || n", to_email=address, registration_id="NULL", **of_person)
    multiply(SpentMail, mailbox="'box' || n", message_id="'mail' || n")
    multiply(AttemptCount, key="'key' || n")
    multiply(Pace, key="'key' || n")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in LARGE:
                cursor.execute(f"ANALYZE {model._meta.db_table}")


def whole_tables_read(sql, values):
    """Return what a statement reads from its first row to its last, as the database plans it."""
    if not re.match(r"SELECT|UPDATE|DELETE|INSERT", sql):
        return []
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, values)
        plan = [str(row[-1]) for row in cursor.fetchall()]
    large = "|".join(model._meta.db_table for model in LARGE)
    return [line for line in plan if re.search(rf"^SCAN .*({large})|Seq Scan on ({large})\b", line)]


@pytest.mark.django_db
def test_no_step_of_a_person_reads_a_whole_table(client):
    days = list(make_program(sessions=0).days.with_conference().order_by("number"))
    known = make_confirmed(days[0], name="Bo", email="bo@example.org", needs="Captions", now=NOW)
    client.post("/register/", {"name": "Cy", "email": "cy@example.org", "days": ["1"]})
    fill_tables(known)
    typed = {"name": "Ada", "email": "ada@example.org", "days": ["1", "2", "3"], "needs": "A pause"}
    seen = []

    def note(execute, sql, values, many, context):
        seen.append((sql, values))
        return execute(sql, values, many, context)

    def path_to(url):
        return urlsplit(url).path

    with connection.execute_wrapper(note):
        client.post("/register/all/", typed)
        ada = Registrant.objects.for_edition(known.conference).with_address("ada@example.org").get()
        client.get(path_to(links.confirm_url(ada)))
        client.post(path_to(links.confirm_url(ada)), {"days": "1 2 3"})
        ada.refresh_from_db()
        client.get(path_to(links.my_url(ada)))
        client.post(path_to(links.my_url(ada)), {"action": "drop", "day": "2"})
        client.post(path_to(links.my_url(ada)), {"action": "add", "day": "2"})
        client.get(path_to(links.calendar_url(ada)))
        client.get(path_to(links.join_url(ada.registrations.for_day(days[0]).get())))
        client.post("/register/", typed | {"name": "Bo", "email": "bo@example.org"})
        client.post("/lost-link/", {"email": "bo@example.org"})
        client.post("/lost-link/", {"email": "nobody@example.org"})
        answer_link_requests(now=NOW)

    assert ada.is_verified
    assert not LinkRequest.objects.exists()
    assert len(seen) > 50
    assert {line: sql for sql, values in seen for line in whole_tables_read(sql, values)} == {}


@pytest.mark.django_db
def test_the_few_addresses_with_capitals_are_looked_up_in_their_index():
    known = make_confirmed(make_program(sessions=0).days.get(number=1), email="ada@example.org", now=NOW)
    address = "'ada' || n || '@example.org'"
    multiply(OutboxMessage, message_id="'mail' || n", to_email=address, registration_id="NULL")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {OutboxMessage._meta.db_table}")
    OutboxMessage.objects.filter(message_id="mail77").update(to_email="Ada.Old@Example.org")

    found = OutboxMessage.objects.matching("aDA.oLD@eXAMPLE")
    plan = OutboxMessage.objects.filter(HAS_CAPITALS, to_email__icontains="ada.old").order_by().values("pk").explain()

    assert [mail.message_id for mail in found] == ["mail77"]
    assert found.get().registrant == known
    assert "mail_to_capitals" in plan


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_numbers_of_days_are_counted_in_an_index_without_the_rows():
    counts, made = [], make_confirmed(make_program(sessions=0).days.get(number=1), now=NOW)

    def note(execute, sql, values, many, context):
        counts.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        numbers = Registration.objects.numbers_by_day()
    with connection.cursor() as cursor:
        # Rows that tests before left behind can make another index as cheap.
        constraints = connection.introspection.get_constraints(cursor, Registration._meta.db_table)
        for name in [name for name, about in constraints.items() if about["index"] and name != "registration_numbers"]:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table this small is read whole
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {counts[0][0]}", counts[0][1])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert numbers == {made.registrations.get().day_id: {"confirmed": 1, "came": 0}}
    assert "Index Only Scan using registration_numbers" in plan


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_no_list_of_people_is_looked_through_once_for_each_of_them():
    """PostgreSQL runs a subquery that does not fit into its memory once for each row: 10,000 people took minutes."""
    day, other = make_program(sessions=0).days.order_by("number")[:2]
    make_confirmed(day, now=NOW)
    multiply(Registrant, public_id=HEX["postgresql"], email="'p' || n", email_key="'p' || n")
    asked = []

    def note(execute, sql, values, many, context):
        asked.append((sql, values))
        return execute(sql, values, many, context)

    rows, people = Registration.objects.all(), Registrant.objects.all()
    with connection.execute_wrapper(note):
        counts = [people.count_for_sending_again(NOW), rows.count_for_confirming(NOW)]
        people.without_registrations(rows).count()
        people.without_mail_of(Broadcast.objects.all()).count()
        foresee.find_movable(rows, day).count()
        foresee.foresee_cancelling(rows, now=NOW, with_people=False)
        foresee.foresee_moving(rows, other, now=NOW, with_people=False)
    plans = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64kB'")
        for sql, values in asked:
            cursor.execute(f"EXPLAIN {sql}", values)
            plans += [line for (line,) in cursor.fetchall() if re.search(r"(?<!hashed )SubPlan", line)]

    assert counts == [(1, ROWS), (0, 0)]
    assert plans == []
    counting_places = [sql for sql, _values in asked if '"capacity"' in sql and "COUNT" in sql]
    assert [sql.count("SELECT") for sql in counting_places] == [1, 1]  # a nested loop over 10,000 people is no SubPlan
