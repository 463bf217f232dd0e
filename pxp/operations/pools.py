"""Closes the pool of connections to PostgreSQL when a process ends."""

import atexit

from django.db import connections


def close_pools():
    """End the pool's threads: Python would wait for each for five seconds, and web processes for twenty in all."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


atexit.register(close_pools)
