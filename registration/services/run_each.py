"""Doing the same for many people, so a failure with one does not delay the others."""

from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError


def run_each[Row, Answer](rows: Iterable[Row], deal_with: Callable[[Row], Answer]) -> list[Answer]:
    """Call `deal_with(row)` for each row, even after one failed; return the list of results.

    Raises an ExceptionGroup of all exceptions at the end; raises at once if the database is away.
    """
    answers: list[Answer] = []
    faults: list[Exception] = []
    for row in rows:
        try:
            answers.append(deal_with(row))
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("It went wrong with some, and the others are done.", faults)
    return answers
