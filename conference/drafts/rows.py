"""An edition's rows as plain data, the difference between two states of them, and how to write that to the database.

All fields of a model are included: a new column is part of drafts automatically.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from conference.models import (
    AnnouncedDate,
    Appearance,
    Conference,
    Day,
    FormerYear,
    Session,
    Speaker,
    Text,
)
from conference.models.days import HIGHEST_DAY
from conference.models.sessions import HIGHEST_SESSION

# How the rows of each model belong to an edition. Parents come first.
INCLUDED = {
    Conference: "pk",
    FormerYear: "conference",
    Day: "conference",
    AnnouncedDate: "day__conference",
    Session: "day__conference",
    Speaker: "conference",
    Appearance: "session__day__conference",
    Text: "conference",
}
NEW, CHANGED, GONE = "new", "changed", "gone"
HOLDING = (Conference, Day, Session, Speaker)  # other rows may need theirs, so these are deleted last
NUMBERED = {Day: HIGHEST_DAY, Session: HIGHEST_SESSION}  # models with a number of its own for each row, and the highest


def include_model(model, path="conference"):
    """Include the rows of one more model in drafts; they belong to an edition by the lookup `path`."""
    INCLUDED[model] = path


def model_named(name):
    """Return the model with the label `name`: "conference.day"."""
    return next((model for model in INCLUDED if model._meta.label_lower == name), None)


def state_of(conference_id):
    """Return all rows of an edition: {(label, pk): {field: plain value}}. One query a model."""
    found = {}
    for model, path in INCLUDED.items():
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        for row in model._base_manager.filter(**{path: conference_id}).order_by("pk"):
            values = {field.attname: field.value_from_object(row) for field in fields}
            found[model._meta.label_lower, row.pk] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return found


def difference(before, after):
    """Return the changes from one state to another, parents first, as a draft holds them."""
    places = {model._meta.label_lower: place for place, model in enumerate(INCLUDED)}
    changes = []
    for key in sorted(before.keys() | after.keys(), key=lambda key: (places[key[0]], key[1])):
        was, is_now = before.get(key), after.get(key)
        change = {"model": key[0], "pk": key[1]}
        if was is None:
            changes.append(change | {"kind": NEW, "fields": is_now})
        elif is_now is None:
            changes.append(change | {"kind": GONE, "fields": {}})
        elif fields := {name: value for name, value in is_now.items() if was.get(name) != value}:
            changes.append(change | {"kind": CHANGED, "fields": fields})
    return changes


def merged(state, changes):
    """Return the state that `changes` make of another one. Changes to rows that no longer exist are left out."""
    result = {key: dict(values) for key, values in state.items()}
    for change in changes:
        key = (change["model"], change["pk"])
        if change["kind"] == GONE:
            result.pop(key, None)
        elif change["kind"] == NEW:
            result[key] = _defaults(change["model"]) | change["fields"]
        elif key in result:
            result[key] |= change["fields"]
    _drop_orphans(result)
    _renumber(result, changes)
    return result


def apply_difference(before, after):
    """Write the difference of two states into the database: the rows are as in `before`, and then as in `after`.

    Raises ProtectedError if something outside the program needs a row that is to go.
    """
    changes = [(model_named(change["model"]), change) for change in difference(before, after)]
    gone = [(model, change["pk"]) for model, change in changes if change["kind"] == GONE]
    for model, pk in gone:
        if model not in HOLDING:
            model._base_manager.filter(pk=pk).delete()
    _make_way(changes, before, after)
    for model, change in changes:
        _write(model, change)
    for model, pk in reversed(gone):
        if model in HOLDING:
            model._base_manager.filter(pk=pk).delete()


def keep_keys(changes):
    """Reserve the key of a new row in a draft. PostgreSQL never reuses a key; SQLite would."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for change in changes:
            if change["kind"] != NEW:
                continue
            table, pk = model_named(change["model"])._meta.db_table, change["pk"]
            cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [pk, table])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, pk])


def _write(model, change):
    """Add or change one row."""
    values = _python(model, change["fields"])
    if change["kind"] == CHANGED:
        model._base_manager.filter(pk=change["pk"]).update(**values)
    elif change["kind"] == NEW:
        row = model(pk=change["pk"])
        for name, value in values.items():
            setattr(row, name, value)
        row.save_base(raw=True, force_insert=True)


def _python(model, fields):
    """Return plain values as the model takes them. Fields that the model no longer has are left out."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    return {name: known[name].to_python(value) for name, value in fields.items() if name in known}


def _defaults(label):
    """Return the plain values that a row gets in columns younger than the draft."""
    model = model_named(label)
    if model is None:
        return {}
    row = model()
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = {field.attname: field.value_from_object(row) for field in fields}
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _drop_orphans(state):
    """Leave out rows whose parent is gone, and clear optional references to rows that are gone."""
    while True:
        there = set(state)
        for key in list(state):
            for field in model_named(key[0])._meta.concrete_fields:
                if not field.is_relation or field.related_model not in INCLUDED:
                    continue
                parent = state[key].get(field.attname)
                if parent is not None and (field.related_model._meta.label_lower, parent) not in state:
                    if field.null:
                        state[key][field.attname] = None
                    else:
                        state.pop(key)
                        break
        if set(state) == there:
            return


def _renumber(state, changes):
    """Renumber rows that ended up with the same number under one parent: those of the draft come last."""
    of_draft = {(change["model"], change["pk"]) for change in changes}
    for model, parent in ((Day, "conference_id"), (Session, "day_id")):
        label, groups = model._meta.label_lower, {}
        for key, values in state.items():
            if key[0] == label:
                groups.setdefault(values[parent], []).append(key)
        for keys in groups.values():
            numbers = [state[key]["number"] for key in keys]
            if len(set(numbers)) == len(numbers):
                continue
            keys.sort(key=lambda key: (state[key]["number"], key in of_draft, key[1]))
            for number, key in enumerate(keys, 1):
                state[key]["number"] = number


def _make_way(changes, before, after):
    """Move rows that are renumbered or deleted to numbers that no other row has or gets."""
    for model, highest in NUMBERED.items():
        label = model._meta.label_lower
        taken = {values["number"] for state in (before, after) for key, values in state.items() if key[0] == label}
        spare = (number for number in range(highest, 0, -1) if number not in taken)
        parent = "day_id" if model is Session else "conference_id"
        for changed, change in changes:
            moves = change["kind"] == GONE or {"number", parent} & change["fields"].keys()
            if changed is model and change["kind"] != NEW and moves:
                model._base_manager.filter(pk=change["pk"]).update(number=next(spare))
