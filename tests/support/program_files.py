"""Program files for tests: the real ones, small edits to them, and what the database holds of programs."""

from pathlib import Path

from django.core import serializers

from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Speaker, Text
from conference.program_formats import read
from conference.program_loading import apply
from tests.factories import NOW

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(DATA.glob("*.yaml"))
PXP_2023 = (DATA / "pxp-2023.yaml").read_text()
PXP_2025 = (DATA / "pxp-2025.yaml").read_text()
MODELS = (Conference, Day, AnnouncedDate, Session, Speaker, Appearance, Text)


def load(text, **options):
    """Bring a program file's text into the database."""
    return apply(read(text.encode()), now=NOW, **options)


def changed(text, old, new):
    """Return a program file's text with its first `old` replaced; the test is wrong if there is none."""
    assert old in text
    return text.replace(old, new, 1)


def rows():
    """Return the fields of all rows that a program file may touch, by kind and number of the row."""
    return {
        f"{type(row).__name__} {row.pk}": serializers.serialize("python", [row])[0]["fields"]
        for model in MODELS
        for row in model.objects.order_by("pk")
    }


def line_of(text, part):
    """Return the number of the line on which `part` first begins, from 1."""
    return text[: text.index(part)].count("\n") + 1
