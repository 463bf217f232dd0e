"""The schema of a program file in any format. The models say which values are valid.

A field that a file leaves out, or gives as null, is not set, and stays unchanged in the database.
"""

import re
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.db import models
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    create_model,
    model_validator,
)

from conference.clock.parsing import date_from, instant_from
from conference.models import AnnouncedDate, Appearance, AppearanceRole, Conference, Day, Session, Speaker, Text
from conference.models.access import AccessOffers
from conference.models.sessions import numbered_session_slug
from conference.pasted_text import links_from
from conference.raw_input import UNREADABLE
from conference.texts import PASSAGES


def close_to(word, known):
    """Return a sentence with what `word` may have meant, or with all choices."""
    near = get_close_matches(word[:80], known, n=1)
    if near:
        return _("Did you mean “%(word)s”?") % {"word": near[0]}
    return _("Write one of: %(words)s.") % {"words": ", ".join(known)}


# --- From a file's text to a value: a ValueError says what to write instead


def unreadable(character):
    """Return a sentence about a character that UNREADABLE found."""
    return _("There is an invalid character (number %(n)d). Remove it.") % {"n": ord(character)}


def _text(given):
    if isinstance(given, dict | list):
        raise ValueError(_("Write words here, in quotes: there is a list or a group of fields."))
    if found := UNREADABLE.search(str(given)):
        raise ValueError(unreadable(found[0]))
    return str(given).strip()


def _one_of(known, given):
    text = _text(given)
    if text not in known:
        unknown = _("“%(word)s” is not known.") % {"word": text[:80]}
        raise ValueError(f"{unknown} {close_to(text, tuple(known))}")
    return known[text]


def _date(given, info):
    year = str((info.context or {}).get("year"))
    return date_from(_text(given), year=year if re.fullmatch(r"\d{4}", year, re.ASCII) else "2000")


def _clean(field, value):
    if isinstance(field, models.CharField):
        value = " ".join(value.split())
    if value == "" and field.blank:
        return value
    try:
        return field.clean(value, None)
    except ValidationError as error:
        words = _what_to_do(field, error.error_list[0])
        raise ValueError(_("Write something here.") if value == "" else words) from None


def _what_to_do(field, fault):
    """Return a sentence about a fault that a model's field found."""
    if fault.code == "max_length":
        words = _("It has %(show_value)d characters. Shorten it: at most %(limit_value)d fit.")
        return words % fault.params
    if fault.code in ("min_value", "max_value"):
        limits = {one.code: one.limit_value for one in field.validators if isinstance(one, BaseValidator)}
        return _("Write a number from %(min_value)d to %(max_value)d.") % limits
    if isinstance(field, models.URLField):
        return _("Write a web address, like https://example.org/talk.")
    if isinstance(field, models.EmailField):
        return _("This is not a valid email address. Write one like hello@example.org.")
    if isinstance(field, models.SlugField):
        return _("Write only letters from a to z, digits and hyphens, without spaces.")
    return " ".join(fault.messages)


def _value(model, name):
    """Return the type of a model's field in a file."""
    field = model._meta.get_field(name)
    if field.choices:
        return Annotated[Any, PlainValidator(partial(_one_of, {value: value for value, _label in field.choices}))]
    if isinstance(field, models.DateTimeField):
        return Annotated[datetime, PlainValidator(lambda given: instant_from(_text(given)))]
    kinds = {models.BooleanField: bool, models.IntegerField: int}
    kind = next((kinds[base] for base in kinds if isinstance(field, base)), str)
    clean = links_from if (model, name) == (Speaker, "links") else partial(_clean, field)
    return Annotated[kind, BeforeValidator(_text), AfterValidator(clean)]


# --- The schema


class Entry(BaseModel):
    """A group of fields. `told` has the values of the row's own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    apart: ClassVar[set] = set()

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data):
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data

    @property
    def told(self):
        told = self.model_fields_set - self.apart
        return {name: getattr(self, name) for name in type(self).model_fields if name in told}


def _entry(model, required, optional="", **others):
    """Return the schema of fields of a model, and of `others` as (type, default)."""
    fields = {name: (_value(model, name), ...) for name in required.split()}
    fields |= {name: (_value(model, name), None) for name in optional.split()}
    entry = create_model(f"{model.__name__}Entry", __base__=Entry, **fields, **others)
    entry.apart = {"number", *others}
    return entry


_TITLE_IS = Annotated[Any, PlainValidator(partial(_one_of, {"title": False, "description": True}))]
# What a day or session offers.
_OFFERS = " ".join((*AccessOffers.FEATURES, "access_note"))
SpeakerEntry = _entry(
    Speaker,
    "name",
    "affiliation pronouns bio links",
    role=(_value(Appearance, "role"), AppearanceRole.SPEAKER),
)
SessionEntry = _entry(
    Session,
    "number",
    f"slug title summary description starts_at ends_at recording_url rewatch_party break_minutes break_title {_OFFERS}",
    title_is=(_TITLE_IS, False),
    speakers=(list[SpeakerEntry], None),
)
SessionEntry.apart.add("slug")  # it names the row, as the number does
DayEntry = _entry(
    Day,
    "number starts_at ends_at",
    f"title summary recording_url {_OFFERS}",
    sessions=(list[SessionEntry], None),
)
# The dates of a region are in the order of the days.
Region = create_model(
    "Region",
    __base__=Entry,
    name=(_value(AnnouncedDate, "region"), ...),
    dates=(list[Annotated[date, PlainValidator(_date)]], ...),
)
ConferenceEntry = _entry(
    Conference,
    "slug name",
    "short_name tagline cost format platform supported_by clock contact_email",
    regions=(list[Region], None),
)
Texts = create_model("Texts", __base__=Entry, **dict.fromkeys(PASSAGES, (_value(Text, "body"), None)))


class Program(Entry):
    """One edition; its days are in the order of their numbers."""

    conference: ConferenceEntry
    days: list[DayEntry]
    texts: Texts = Texts()


def slug_of(day, session):
    """Return the permanent slug of a session: the one in the file, or else one from its place there."""
    return session.slug or numbered_session_slug(day.number, session.number)


# The schema of what is below a name, or of each item in its list.
BELOW = {"": Program, "conference": ConferenceEntry, "regions": Region, "days": DayEntry, "texts": Texts}
BELOW |= {"sessions": SessionEntry, "speakers": SpeakerEntry}
