"""Doing the same for many people, so what goes wrong with one keeps nobody else waiting."""

from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError


def one_by_one[Row, Answer](rows: Iterable[Row], deal_with: Callable[[Row], Answer]) -> list[Answer]:
    """Call `deal_with(row)` for each row, also after one has failed; return the list of what it returned.

    Raises an ExceptionGroup of all faults at the end, and at once what says that the database is away.
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
