#!/usr/bin/env python
"""Runs the site's commands: `manage.py help` lists them."""

import os
import sys


def main():
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pxp.settings")
    if sys.argv[1:2] == ["demo"]:
        from pxp.dev.demo import prepare_environment

        prepare_environment()  # the demo needs no configuration: it makes its own before settings are read

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
