"""Reads settings from the environment without changing them. A setting with a typo stops the start with a sentence.

django-environ's own methods take a value that begins with "$" for the name of another variable, so such a passphrase
was empty and nobody knew. They also raise a traceback for a number with a typo, and take a misspelt switch for "off".
"""

import os

ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def refuse(reason, how=""):
    """Exit with this sentence, if there is one."""
    if reason:
        raise SystemExit(f"The site cannot start: {reason}" + (f"\n{how}" if how else ""))


class Environment:
    """The variables of this process. One that is empty counts as not set: compose.yaml passes those on."""

    def str(self, name, default=""):
        """Return the text of a setting, without a change."""
        return os.environ.get(name) or default

    def list(self, name):
        """Return the texts between its commas."""
        return [text.strip() for text in self.str(name).split(",") if text.strip()]

    def int(self, name, default, *, least=0):
        """Return a whole number of at least `least`."""
        text = self.str(name).strip() or str(default)
        if not (text.isascii() and text.isdecimal() and int(text) >= least):
            refuse(
                f"{name} is {text!r}, and must be a whole number of at least {least}.", f"For example: {name}={default}"
            )
        return int(text)

    def bool(self, name, *, default):
        """Return whether a switch is on."""
        text = self.str(name).strip().lower() or ("1" if default else "0")
        if text not in ON + OFF:
            refuse(f"{name} is {text!r}, and must be 1 or 0.")
        return text in ON
