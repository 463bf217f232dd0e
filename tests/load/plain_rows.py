"""Writes the rows of a sign-up as plainly as a program can: the limit to which `signup_cost` compares the site.

No form, no page, no question: two transactions of INSERTs and UPDATEs.
"""

# ruff: noqa: S608 - the SQL is put together from names of ours

import multiprocessing
import os
import time
import uuid
from dataclasses import dataclass
from itertools import count

REGISTRANTS, REGISTRATIONS = "registration_registrant", "registration_registration"
MAILS, SPENT = "registration_outboxmessage", "registration_spentmail"


@dataclass(frozen=True)
class Cost:
    """How many a second, and the seconds of CPU for each."""

    speed: float
    cpu: float


def connect():
    """Return a connection of its own to the site's database, without Django: SQLite with the site's own safety."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        import sqlite3

        connection = sqlite3.connect(database["NAME"], timeout=20, isolation_level=None)
        connection.executescript(database["OPTIONS"]["init_command"])
        return connection
    import psycopg

    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def cost(database, *, clients, seconds):
    """Return the Cost of the rows of a sign-up and its confirmation; one must be there to be copied."""
    from tests.load.outbox_rig import close_database

    close_database()
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    workers = [context.Process(target=_write, args=[database, number, seconds, results]) for number in range(clients)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    told = [results.get() for _ in workers]
    took = time.perf_counter() - began
    for worker in workers:
        worker.join()
    people = sum(each[0] for each in told)
    return Cost(people / took, sum(each[1] for each in told) / people)


def _write(database, client, seconds, results):
    """Be one client that writes people for so long; put (people, seconds of CPU) into `results`."""
    connection = connect()
    writer = Writer(connection, "?" if database == "sqlite" else "%s")
    began, before, done = time.perf_counter(), time.process_time(), 0
    for number in count():
        if time.perf_counter() - began >= seconds:
            break
        writer.sign_up_and_confirm(f"{client}-{number}")
        done += 1
    results.put((done, time.process_time() - before))
    connection.close()


class Writer:
    """Copies one confirmed person's rows under new names."""

    def __init__(self, connection, mark):
        self.connection, self.mark = connection, mark
        person = self.rows(REGISTRANTS, "verified_at IS NOT NULL", most=1)[0]
        self.person = person
        self.days = self.rows(REGISTRATIONS, f"registrant_id = {person['id']}")
        self.mails = self.rows(MAILS, f"registrant_id = {person['id']}")
        self.spent = self.rows(SPENT, "person = ''", most=1)[0]

    def rows(self, table, condition, most=100):
        """Return rows of a table as dicts."""
        found = self.connection.execute(f"SELECT * FROM {table} WHERE {condition} ORDER BY id LIMIT {most}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def insert(self, table, rows):
        """Insert rows in one statement; return their keys."""
        names = [name for name in rows[0] if name != "id"]
        each = f"({', '.join([self.mark] * len(names))})"
        sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([each] * len(rows))} RETURNING id"
        values = [_plain(row[name], name, self.mark) for row in rows for name in names]
        return [row[0] for row in self.connection.execute(sql, values).fetchall()]

    def sign_up_and_confirm(self, number):
        """Write what the site writes: two transactions."""
        address = {"email": f"plain{number}@example.org", "email_key": f"plain{number}@example.org"}
        self.connection.execute("BEGIN IMMEDIATE" if self.mark == "?" else "BEGIN")
        (person,) = self.insert(
            REGISTRANTS, [self.person | address | {"public_id": _new(self.mark), "verified_at": None}]
        )
        pending = {"status": "pending", "confirmed_at": None, "is_invited": False}
        pending |= {"invited_starts_at": None, "invited_ends_at": None}
        self.insert(
            REGISTRATIONS,
            [
                day | pending | {"registrant_id": person, "reference": _new(self.mark), "invite_uid": _new(self.mark)}
                for day in self.days
            ],
        )
        asked, *others = [
            mail | {"registrant_id": person, "message_id": uuid.uuid4().hex, "registration_id": None, "sequence": None}
            for mail in self.mails
        ]
        self.insert(MAILS, [asked])
        self.insert(SPENT, [self.spent | {"message_id": asked["message_id"]}])
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE" if self.mark == "?" else "BEGIN")
        mark, day = self.mark, self.days[0]
        verified = _plain(self.person["verified_at"], "", mark)
        self.connection.execute(f"UPDATE {REGISTRANTS} SET verified_at = {mark} WHERE id = {mark}", [verified, person])
        self.connection.execute(
            f"UPDATE {REGISTRATIONS} SET status = 'confirmed', confirmed_at = {mark}, is_invited = {mark}, "
            f"invited_starts_at = {mark}, invited_ends_at = {mark} WHERE registrant_id = {mark}",
            [day["confirmed_at"], day["is_invited"], day["invited_starts_at"], day["invited_ends_at"], person],
        )
        self.insert(MAILS, others)
        self.connection.execute("COMMIT")


def _new(mark):
    return uuid.uuid4().hex if mark == "?" else uuid.uuid4()


def _plain(value, name, mark):
    """Return a value as the database driver takes it."""
    if mark == "%s" and isinstance(value, list | dict):
        from psycopg.types.json import Jsonb

        return Jsonb(value)
    return value
