"""The accessibility statement: how the site meets each criterion of WCAG, from `accessibility.yaml`."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _

STATEMENT = Path(__file__).with_name("accessibility.yaml")

RESULTS = {
    "met": _("Met"),
    "partly": _("Partly met"),
    "not met": _("Not met"),
    "does not apply": _("Does not apply"),
}
# The four principles of WCAG, by the first part of a criterion's number.
PRINCIPLES = {
    "1": _("Perceivable: you can see, hear or feel it"),
    "2": _("Operable: you can use it"),
    "3": _("Understandable: you can follow it"),
    "4": _("Robust: it works with your programs"),
}


@dataclass(frozen=True)
class Criterion:
    """One success criterion of WCAG 2.2, how we meet it, and the tests that hold it ("file::name")."""

    number: str
    name: str
    level: str
    result: str
    words: str
    tests: tuple = ()

    @property
    def result_words(self):
        """Our result, in words."""
        return RESULTS[self.result]


@dataclass(frozen=True)
class Check:
    """A tool that tests the site, what it checks, and our tests that use it ("file::name")."""

    what: str
    words: str
    tests: tuple


@dataclass(frozen=True)
class Statement:
    """All of the file. `looked_on` is the day on which a person last compared it with the site."""

    standard: str
    looked_on: date
    tested_with: tuple
    limits: tuple
    criteria: tuple

    @property
    def language(self):
        """The language in which it was written; all others are translations."""
        return settings.LANGUAGE_CODE

    @property
    def by_principle(self):
        """Return (principle in words, its criteria) in the order of WCAG."""
        groups = groupby(self.criteria, key=lambda criterion: criterion.number.partition(".")[0])
        return [(PRINCIPLES[first], list(criteria)) for first, criteria in groups]

    @property
    def figures(self):
        """Return how many criteria there are in all, and in each state: {"all": 86, "met": 60, "partly": 8, …}."""
        counted = Counter(criterion.result for criterion in self.criteria)
        figures = {state.replace(" ", "_"): counted[state] for state in RESULTS}
        return {"all": len(self.criteria)} | figures


@cache
def statement():
    """Return the Statement, read once."""
    said = yaml.safe_load(STATEMENT.read_text(encoding="utf-8"))
    return Statement(
        standard=said["standard"],
        looked_on=said["looked_on"],
        tested_with=tuple(Check(**check) for check in said["tested_with"]),
        limits=tuple(said["limits"]),
        criteria=tuple(Criterion(**criterion) for criterion in said["criteria"]),
    )


def words():
    """Return each sentence of the file that people read, for the catalogues (`manage.py makemessages`)."""
    said = statement()
    checks = [text for check in said.tested_with for text in (check.what, check.words)]
    return [*checks, *said.limits, *(text for one in said.criteria for text in (one.name, one.words))]
