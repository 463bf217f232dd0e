"""Finds free ports on this machine."""

import socket
from contextlib import suppress
from functools import cache
from itertools import cycle

# Below the ports that Linux gives to connections. It would give one of those away before the server that it is for has
# started, as a browser beside it opens many.
FIRST, END, BLOCK = 20_000, 32_000, 500


def free_port():
    """Return a TCP port of 127.0.0.1 that nobody listens on now, and that no other process of tests gets."""
    _held, ports = ports_of_this_process()
    for port in (next(ports) for _ in range(BLOCK)):
        with suppress(OSError):
            bound_to(port).close()
            return port
    raise OSError("No port is free")


@cache
def ports_of_this_process():
    """Hold the first port of a block as long as this process lives; return that socket, and the other ports."""
    for first in range(FIRST, END, BLOCK):
        with suppress(OSError):
            return bound_to(first), cycle(range(first + 1, first + BLOCK))
    raise OSError("Too many processes run tests")


def bound_to(port):
    """Return a socket that is bound to this port; raise OSError if it is taken."""
    line = socket.socket()
    try:
        line.bind(("127.0.0.1", port))
    except OSError:
        line.close()
        raise
    return line
