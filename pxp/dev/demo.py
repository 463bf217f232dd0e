"""The demo's settings: everything is made here, under var/demo/, before Django reads its settings."""

import os
import secrets
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "demo"


def prepare_environment():
    """Set every setting for the demo. Exits with a sentence and code 1 if its port is in use.

    Nothing of a real site is read from the environment but PORT, so a demo can never touch a real site.
    """
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is {port!r}, and that is not a port. Use a number from 1024 to 65535: PORT=8001 make demo")
    if not is_free(int(port)):
        sys.exit(
            f"Port {port} is taken: another program uses it, perhaps another demo. Try: PORT={int(port) + 1} make demo"
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DEBUG": "1",
        "SECRET_KEY": kept_secret("secret-key", 25),
        "ALLOWED_HOSTS": "",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": port,
        "DATABASE_URL": f"sqlite:///{FOLDER}/pxp.sqlite3",
        "EMAIL_URL": f"smtp://127.0.0.1:{any_free_port()}",
        "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
        "MAILBOX_DIR": str(FOLDER / "mailbox"),
        "PROXY_COUNT": "0",
        "WEB_CONCURRENCY": "1",
        "GUNICORN_LOG_LEVEL": "WARNING",
    }


@contextmanager
def own_terminal():
    """Let Ctrl-C reach the demo alone, and not the `make` that started it: make would end with an error."""
    if not sys.stdin.isatty() or os.getpgrp() == os.getpid():
        yield
        return
    before = os.getpgrp()
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # otherwise a background process may not take the terminal
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        with suppress(OSError):  # the terminal was closed
            os.tcsetpgrp(sys.stdin.fileno(), before)


def kept_secret(name, size=8):
    """Return the random text that the demo keeps under `name`.

    The first call makes it, of `size` bytes, two characters each, readable by its owner only.
    """
    file = FOLDER / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(size))
    return file.read_text()


def is_free(port):
    """Return whether nobody listens on this TCP port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # despite a demo that has just ended
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port():
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
