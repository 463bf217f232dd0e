"""Shifts last year's program to another year."""

from datetime import date

from conference.program_file.schema import Entry


def shift(program, first_day):
    """Return the program with its first day on the UTC date `first_day`, all else as many days away as before.

    Clock times in UTC stay. The slug becomes that date's year, and so does the old year within the name.
    """
    moved, year = _moved(program, first_day - program.days[0].starts_at.date()), str(first_day.year)
    name = {"slug": year, "name": moved.conference.name.replace(moved.conference.slug, year)}
    return moved.model_copy(update={"conference": moved.conference.model_copy(update=name)})


def _moved(value, by):
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    if isinstance(value, Entry):
        return value.model_copy(update={name: _moved(getattr(value, name), by) for name in value.model_fields_set})
    return value + by if isinstance(value, date) else value
