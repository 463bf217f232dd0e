"""A draft in sentences, for organisers: what readers do not see yet."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.clock import Span
from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Speaker, Text
from conference.scripts import list_words
from conference.texts import PASSAGES

from .rows import CHANGED, GONE, NEW, model_named

UNTOLD = {"number", "follows", "position", "is_from_file", "slug", "first_slug"}  # they follow from something else
TOLD = {"title", "starts_at", "ends_at", "day_id", "break_minutes"}  # in sentences of their own
LONGEST = 90  # characters of what is quoted


def sentences(live, target, changes, zone: ZoneInfo):
    """Return the changes between two states of an edition, as sentences with times on the clock of `zone`."""
    told, people = [], {}
    along = _moving_along(live, changes)
    for change in changes:
        model, key = model_named(change["model"]), (change["model"], change["pk"])
        was, is_now = live.get(key, {}), target.get(key, {})
        if model is Appearance:
            row = is_now or was
            if change["kind"] != CHANGED:
                people.setdefault(row["session_id"], {NEW: [], GONE: []})[change["kind"]].append(row["speaker_id"])
            continue
        name = _name(model, is_now or was)
        found = _of_row(model, change, was, is_now, name, zone, is_along=model is Session and key[1] in along)
        if model is Day and key[1] in along.values():
            found.append(_("The sessions of %(name)s move with it.") % {"name": name})
        told += found
    for session, sides in people.items():
        key = (Session._meta.label_lower, session)
        told += _people(session, sides, target, live) if key in live and key in target else []
    return told


def _moving_along(live, changes):
    """Return {session: day} of the keys of sessions whose times change just as much as the start of their day."""
    days, found = {}, {}
    for change in changes:
        model, was = model_named(change["model"]), live.get((change["model"], change["pk"]), {})
        if model not in (Day, Session) or not {"starts_at", "ends_at"} <= change["fields"].keys():
            continue
        shifts = [_shift(was.get(end), change["fields"][end]) for end in ("starts_at", "ends_at")]
        if model is Day:
            days[change["pk"]] = shifts[0]
        elif shifts[0] and "day_id" not in change["fields"] and shifts == [days.get(was["day_id"])] * 2:
            found[change["pk"]] = was["day_id"]
    return found


def _shift(before, after):
    """Return the timedelta from one plain time to another, None if one of them is not known."""
    return datetime.fromisoformat(after) - datetime.fromisoformat(before) if before and after else None


def _of_row(model, change, was, is_now, name, zone, *, is_along=False):
    if change["kind"] == NEW:
        return [_("%(name)s is new.") % {"name": name}]
    if change["kind"] == GONE:
        return [_("%(name)s is removed.") % {"name": name}]
    fields = change["fields"].keys() - UNTOLD
    found = []
    if model in (Day, Session) and "title" in fields:
        found.append(_title(was, is_now, name))
    if {"starts_at", "ends_at"} & fields and not is_along:
        found.append(_time(was, is_now, name, zone))
    if model is Session and "day_id" in fields:
        found.append(_("%(name)s moves to another day.") % {"name": name})
    if model is Session and "break_minutes" in fields:
        found.append(_break(is_now, name))
    return found + _others(model, fields - TOLD, name)


def _others(model, fields, name):
    labels = [_quoted(capfirst(field.verbose_name)) for field in model._meta.concrete_fields if field.attname in fields]
    if not labels:
        return []
    if model is Text:
        return [_("%(name)s has new words.") % {"name": name}]
    words = ngettext("%(name)s: %(fields)s is changed.", "%(name)s: %(fields)s are changed.", len(labels))
    return [words % {"name": name, "fields": list_words(labels)}]


def _break(is_now, name):
    if not is_now["break_minutes"]:
        return _("There is no break after %(name)s any more.") % {"name": name}
    words = ngettext(
        "The break after %(name)s is %(n)d minute long.",
        "The break after %(name)s is %(n)d minutes long.",
        is_now["break_minutes"],
    )
    return words % {"name": name, "n": is_now["break_minutes"]}


def _title(was, is_now, name):
    if not is_now["title"]:
        return _("The title of %(name)s is to be announced.") % {"name": _quoted(was["title"])}
    if was["title"]:
        return _("%(before)s is now called %(name)s.") % {"before": _quoted(was["title"]), "name": name}
    return _("%(name)s has a title now.") % {"name": name}


def _time(was, is_now, name, zone):
    if not is_now["starts_at"]:
        return _("The time of %(name)s is to be announced.") % {"name": name}
    times = [datetime.fromisoformat(is_now[end]) for end in ("starts_at", "ends_at")]
    words = {"name": name, "time": Span(*times, zone).sentence()}
    if not was["starts_at"]:
        return _("%(name)s has a time now: %(time)s.") % words
    before = [datetime.fromisoformat(was[end]) for end in ("starts_at", "ends_at")]
    if before[0] == times[0]:
        minutes = int((times[1] - times[0]).total_seconds() // 60)
        words |= {"n": minutes, "was": int((before[1] - before[0]).total_seconds() // 60)}
        return (
            ngettext(
                "%(name)s is %(n)d minute long (%(was)d before).",
                "%(name)s is %(n)d minutes long (%(was)d before).",
                minutes,
            )
            % words
        )
    words["before"] = Span(*before, zone).sentence()
    return _("%(name)s: %(time)s. Before, it was %(before)s.") % words


def _people(session, sides, target, live):
    name = _name(Session, target[Session._meta.label_lower, session])
    found = []
    for kind, sentence in ((NEW, _("%(people)s: new in %(name)s.")), (GONE, _("%(people)s: no longer in %(name)s."))):
        people = [_speaker(pk, target, live) for pk in sides[kind]]
        if people:
            found.append(sentence % {"people": list_words(sorted(people)), "name": name})
    return found


def _speaker(pk, target, live):
    key = (Speaker._meta.label_lower, pk)
    return (target.get(key) or live.get(key) or {}).get("name", "")


def _name(model, values):
    """Return what a row is called in sentences."""
    if model is Day:
        return str(Day(number=values["number"]).label)
    if model is Session:
        return _quoted(values["title"]) if values["title"] else str(Session(number=values["number"]).label)
    if model is Speaker:
        return values["name"]
    if model is Text:
        passage = PASSAGES.get(values["key"])
        return f"{passage.page}, {passage.label}" if passage else values["key"]
    if model is AnnouncedDate:
        return _("The date for %(region)s") % {"region": values["region"]}
    if model is Conference:
        return values["name"]
    return str(model._meta.verbose_name)


def _quoted(words):
    short = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    return f"“{short}”"
