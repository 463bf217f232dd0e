"""Opens every list of the organisers, each filter, order and search, and their first page, at 300,000 registrations.

Holds: no page takes more than 20 queries; with 100,000 people and 300,000 registrations a page takes at most 3 times
the time that the same page takes with 300 registrations on PostgreSQL, 5 times on SQLite. Times are the shortest of a
few looks, within this process. The addresses are those of the links on the pages themselves.
"""

# ruff: noqa: S608 - the SQL is put together from names of ours

import json
import logging
import re
import sys
import time
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig

MOST_QUERIES = 20
MOST_TIMES = {"sqlite": 5, "postgresql": 3}
# Below this a page is quick, whatever it took with fewer rows: the clock of a busy machine is no better.
QUICK_SECONDS = 0.02
LOOKS = 3
CHOICES = 1  # of each filter: the first one that is a link
SEARCHES = ("ada", "ada77@example.org", "nobody at all")
HEX = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def main():
    """Run all, or one database's part; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    pages, queries = (max(part.get(name, -1) for part in parts) for name in ("pages", "queries"))
    times = " and ".join(f"{part.get('times', -1):.1f}" for part in parts)
    print(
        f"admin_300k: {pages} pages of lists, at most {queries} queries each, {times} times the time at 300 rows on "
        f"SQLite and PostgreSQL: {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def one_database(options):
    """Look at all pages with few rows, then with many; print the worst, then the figures as JSON."""
    many = 3_000 if options.quick else 100_000
    logging.disable(logging.CRITICAL)  # a list that is not theirs answers 403
    with rig.site(options.database, mail_port=9, SITE_URL="http://testserver"):
        client = make_site(options.database)
        multiply_people(options.database, 1, 100)
        addresses = addresses_of(client)
        if options.quick:  # the lists of people
            addresses = [address for address in addresses if re.search(r"registra|outbox|accessreq|ers/$", address)]
        print(f"{options.database}: {len(addresses)} pages", flush=True)
        looks = 2 if options.quick else LOOKS
        few = {address: look(client, address, looks) for address in addresses}
        began = time.monotonic()
        multiply_people(options.database, 101, many)
        print(
            f"{options.database}: {many} people, {3 * many} registrations in {time.monotonic() - began:.0f} s",
            flush=True,
        )
        found = [measure(client, address, few[address], looks) for address in addresses]
    worst = max(found, key=lambda one: one["times"])
    most = MOST_TIMES[options.database]
    for one in sorted(found, key=lambda one: -one["times"])[:15]:
        figures = f"{one['times']:5.1f} x, {one['now'] * 1000:5.0f} ms, {one['queries']:2} queries"
        print(f"{options.database}: {figures} {one['address']}")
    queries = max(one["queries"] for one in found)
    holds = queries <= MOST_QUERIES and worst["times"] <= most
    print(json.dumps({"pages": len(found), "queries": queries, "times": worst["times"], "holds": holds}))
    return not holds


def make_site(database):
    """Write an edition of three days, an organiser in all roles, and one person to be copied; return their Client."""
    from django.contrib.auth.models import Group
    from django.test import Client
    from django.utils import timezone

    from tests.factories import make_confirmed, make_program, make_staff

    conference = make_program(days=3, sessions=3)
    now = timezone.now()
    for number, day in enumerate(conference.days.all()):
        starts_at = now + timedelta(days=30 + number)
        conference.days.filter(pk=day.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    days = list(conference.days.with_conference().order_by("number"))
    make_confirmed(*days, name="Ada First", needs="Captions", now=now)
    user = make_staff(username="grace")
    user.groups.set(Group.objects.all())
    client = Client()
    client.force_login(user)
    return client


def multiply_people(database, first, last):
    """Copy the first person, with days, mails and needs, as the numbers from `first` to `last`."""
    from registration.models import AccessRequest, OutboxMessage, Registrant, Registration

    new_id = HEX[database]
    one = Registrant.objects.order_by("pk").first()
    start = Registrant.objects.order_by("-pk").first().pk + 1 - first
    days = list(one.registrations.order_by("day__number").values_list("pk", flat=True))
    address = "'ada' || n || '@example.org'"
    copy(
        database,
        Registrant,
        one.pk,
        first,
        last,
        {
            "id": f"{start} + n",
            "public_id": new_id,
            "name": "'Ada Ø ' || n",
            "name_key": "'ada ø ' || n",
            "email": address,
            "email_key": address,
            "country": "CASE n % 5 WHEN 0 THEN 'CA' WHEN 1 THEN 'FR' WHEN 2 THEN 'JP' WHEN 3 THEN '' ELSE 'NG' END",
            "language": "CASE n % 3 WHEN 0 THEN 'en' WHEN 1 THEN 'fr' ELSE 'es' END",
            "created_at": moment(database),
        },
    )
    for key in days:
        status = "CASE WHEN n % 10 = 0 THEN 'waitlisted' ELSE 'confirmed' END"
        copy(
            database,
            Registration,
            key,
            first,
            last,
            {
                "registrant_id": f"{start} + n",
                "reference": new_id,
                "invite_uid": new_id,
                "status": status,
                "waitlisted_at": "created_at",
                "created_at": moment(database),
            },
        )
    mail = OutboxMessage.objects.filter(registrant=one).order_by("pk").first()
    copy(
        database,
        OutboxMessage,
        mail.pk,
        first,
        last,
        {
            "registrant_id": f"{start} + n",
            "registration_id": "NULL",
            "message_id": "'mail' || n",
            "to_email": address,
            "state": "'sent'",
            "finished_at": "created_at",
        },
    )
    need = AccessRequest.objects.order_by("pk").first()
    copy(
        database,
        AccessRequest,
        need.pk,
        first,
        last if first == 1 else first + last // 20,
        {"registrant_id": f"{start} + n"},
    )
    ready(database)


def moment(database):
    """Return SQL of an instant for each number `n`, a second after the other."""
    if database == "sqlite":
        return "datetime('2026-06-01', '+' || n || ' seconds')"
    return "timestamptz '2026-06-01' + n * interval '1 second'"


def copy(database, model, key, first, last, different):
    """Insert copies of one row, with SQL for what differs in each."""
    from django.db import connection

    names = [field.column for field in model._meta.concrete_fields if not field.primary_key or "id" in different]
    values = ", ".join(different.get(name, f'one."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    numbers = {
        "sqlite": f"WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last})",
        "postgresql": f"WITH s(n) AS (SELECT generate_series({first}, {last}))",
    }[database]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) {numbers} "
            f"SELECT {values} FROM (SELECT * FROM {table} WHERE id = {key}) one, s"
        )
        if database == "postgresql":
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def ready(database):
    """Let the worker count, and PostgreSQL bring its statistics up to date, as it does by itself: SQLite has none."""
    from django.db import connection
    from django.utils import timezone

    from conference.models import Conference
    from registration.services.growth import count_growth

    with connection.cursor() as cursor:
        if database == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    count_growth(Conference.objects.get(), now=timezone.now())


def addresses_of(client):
    """Return the address of the first page and of each list, with each filter, order and search that it offers."""
    from django.contrib import admin
    from django.urls import NoReverseMatch, reverse

    found = [reverse("admin:index")]
    for model, model_admin in sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label):
        try:
            start = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            continue
        answer = client.get(start)
        if answer.status_code != 200:
            continue
        found.append(start)
        found += sorted(offered_by(answer.content.decode(), start))
        if model_admin.search_fields:
            found += [f"{start}?{urlencode({'q': words})}" for words in SEARCHES]
    return found


def offered_by(html, start):
    """Return the addresses of a list to which its own page links: a few choices of each filter, and each order."""
    seen = {}
    for href in re.findall(r'href="(\?[^"]+)"', html):
        query = parse_qsl(urlsplit(unescape(href)).query)
        names, link = tuple(sorted(name for name, _value in query)), urlencode(query)
        of_filter = seen.setdefault(names, [])
        if link not in of_filter and (names == ("o",) or len(of_filter) < CHOICES):
            of_filter.append(link)
    return {f"{start}?{link}" for links in seen.values() for link in links}


def look(client, address, looks):
    """Return (the shortest time in seconds, the number of queries) of a page."""
    from django.db import connection

    times, numbers = [], []
    for _ in range(looks):
        seen = []

        def note(execute, sql, values, many, context, seen=seen):
            seen.append(sql)
            return execute(sql, values, many, context)

        began = time.perf_counter()
        with connection.execute_wrapper(note):
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        times.append(time.perf_counter() - began)
        numbers.append(len(seen))
        if times[-1] > 5:
            break
    return min(times), max(numbers)


def measure(client, address, few, looks):
    """Return what a page takes now, and how many times what it took with few rows."""
    now, queries = look(client, address, looks)
    times = 1.0 if now < QUICK_SECONDS else now / few[0]
    return {"address": address, "now": now, "queries": max(queries, few[1]), "times": round(times, 1)}


if __name__ == "__main__":
    main()
