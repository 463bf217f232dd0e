"""Several transactions at the same moment, each in a thread of its own, and waits that end when the thing happens."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

from django.db import connection, connections, transaction

PATIENCE = 30  # seconds; a wait that lasts as long fails its test, and says for what it waited


def at_once(*steps):
    """Begin all steps (functions without arguments) at the same moment; return what each returned, in their order.

    Each has its own connection to the database, which is open before they begin. A fault in one is raised here.
    """
    ready = Barrier(len(steps))

    def take(step):
        with own_connection():
            ready.wait(PATIENCE)
            return step()

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(take, steps))


@contextmanager
def own_connection():
    """Open the connection of a thread that is no request's, and close it at the end."""
    try:
        connection.ensure_connection()
        yield
    finally:
        connections.close_all()


def wait_until(condition, what):
    """Return as soon as `condition()` holds; fail when `what` has not come after a long time."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what}: not after {PATIENCE} seconds"
        time.sleep(0.01)


# A transaction that waits for a row is known by the tables it has locked: the lock itself belongs to no database. Other
# processes run tests on other databases of the same server.
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def count_waiting():
    """Return how many transactions on this database of PostgreSQL wait for a lock of another one."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def wait_for_waiting(number):
    """Wait until so many transactions on this database of PostgreSQL wait for a lock."""
    wait_until(lambda: count_waiting() >= number, f"{number} transactions that wait for a lock")


@contextmanager
def another_waits_for(act):
    """Do something in a transaction of another thread, which ends once someone waits for it.

    On SQLite, where nobody can see who waits and a transaction keeps all others out, it ends by itself.
    """
    is_done, let_go = Event(), Event()

    def hold():
        with own_connection(), transaction.atomic():
            act()
            is_done.set()
            assert let_go.wait(2 * PATIENCE)

    def release():
        try:
            with own_connection():
                if connection.vendor != "sqlite":
                    wait_for_waiting(1)
        finally:
            let_go.set()

    with ThreadPoolExecutor(2) as threads:
        holding = threads.submit(hold)
        wait_until(lambda: is_done.is_set() or holding.done(), "what another transaction does")
        if holding.done():
            holding.result()  # raises its fault
        releasing = threads.submit(release)
        yield
        for thread in (holding, releasing):
            thread.result()
