"""Runs one part of the site in a container: `python -m pxp web`, `worker`, `migrate`, or any command of manage.py."""

import os
import sys

PARTS = {
    "web": ["-m", "gunicorn", "-c", "python:pxp.gunicorn", "pxp.wsgi"],
    "worker": ["manage.py", "run_worker"],
    "migrate": ["manage.py", "migrate", "--no-input"],
}


def main():
    """Replace this process with the part that the first argument names: it then gets the container's stop signal."""
    part, *arguments = sys.argv[1:] or ["web"]
    command = PARTS.get(part, ["manage.py", part])
    os.execv(sys.executable, [sys.executable, *command, *arguments])  # noqa: S606 - our own programs


if __name__ == "__main__":
    main()
