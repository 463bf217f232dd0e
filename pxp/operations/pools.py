"""The pool of connections to PostgreSQL: closed when a process ends, and made once more when the database was away."""

from contextlib import suppress
from threading import Thread

from django.db import connections

SECONDS_OF_TRIES = 3  # PostgreSQL restarts in one or two
SECONDS_OF_CLOSING = 0.5
PLACE = ("host", "port", "dbname", "service", "connect_timeout")


def close_pools():
    """Stop the pool's threads: otherwise Python waits five seconds for each, web processes twenty in all."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


def give_up(pool):
    """Fail all requests that wait for a connection if the server has been away for SECONDS_OF_TRIES and still is.

    Otherwise each waits for the pool's timeout, until no thread is left for cached pages; and the pool backs off, so
    the site comes back long after the database. The next request makes a new pool, which tries at once. A server that
    answers keeps its pool: it may just have no connection to spare.
    """
    if answers(pool.kwargs):
        return
    for connection in connections.all():
        if connection.vendor == "postgresql" and connection.pool is pool:
            with suppress(KeyError):
                del connection._connection_pools[connection.alias]
    # Not in this thread, which belongs to the pool: closing waits for all of its threads.
    Thread(target=pool.close, kwargs={"timeout": SECONDS_OF_CLOSING}, daemon=True).start()


def answers(options):
    """Whether a PostgreSQL server takes connections, by what psycopg would connect with (libpq's PQping)."""
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    place = {name: options[name] for name in PLACE if name in options}
    return pq.PGconn.ping(make_conninfo(**place).encode()) == pq.Ping.OK
