"""What the documents say of the code is true: the drawings come from it, and the files they name are there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from registration.status import MAIL_TRANSITIONS, TRANSITIONS, MailState, Status

ROOT = Path(settings.BASE_DIR)
ARCHITECTURE = ROOT / "docs/architecture.md"
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/security.md", "docs/operations.md"]
MADE_ON_USE = ("var/", ".venv/")


def draw(states, transitions):
    """Return a Mermaid state diagram: the first state is where a row begins, one without a way on is an end."""
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(states))}"]
    lines += [f"    {state.value}: {state.label!s}" for state in states]
    lines += [f"    {old.value} --> {new.value}" for old in states for new in states if new in transitions[old]]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "states", "transitions"),
    [("registration", Status, TRANSITIONS), ("mail", MailState, MAIL_TRANSITIONS)],
)
def test_drawing_is_what_the_code_says(name, states, transitions):
    drawn = re.search(rf"<!-- {name}: .*?-->\n```mermaid\n(.*?)\n?```", ARCHITECTURE.read_text(), re.S)[1]

    assert drawn == draw(states, transitions)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_a_document_names_are_there(name):
    named = set(re.findall(r"`([a-z_.]+/[A-Za-z0-9_./-]*)`", (ROOT / name).read_text()))

    missing = [path for path in named if not path.startswith(MADE_ON_USE) and not is_there(path)]

    assert named
    assert missing == []


def is_there(path):
    """Return whether the project has this file or folder, named from the top or from within one of its packages."""
    return any((ROOT / folder / path).exists() for folder in ("", "pxp", "conference", "registration", "tests"))
