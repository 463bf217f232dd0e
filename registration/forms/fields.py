"""Fields for what people type of themselves: cleaned of what cannot be seen, with errors that say what to do."""

import math
import re
import unicodedata
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.pasted_text import has_other_words, take_out_address
from registration.addresses import ascii_address, has_odd_dots, is_old_phone_address, key_of_name
from registration.models import Registrant
from registration.models.details import Detail

# Zero-width joiners shape words in Persian, Hindi and emoji; every other invisible character only hides something.
_JOINERS = "\u200c\u200d"
# Unicode counts these as letters, but they show nothing. In old Korean words the first two come between others.
_FILLERS = "\u115f\u1160\u3164\uffa0"
_LETTER_OR_DIGIT = re.compile(rf"[^\W_{_FILLERS}]")
_BLANK_FILLERS = dict.fromkeys(map(ord, _FILLERS[2:]), " ")
_ALL_BLANK = dict.fromkeys(map(ord, _FILLERS), " ")
_LONGEST_LOCAL = 64  # RFC 5321 §4.5.3.1.1
# A black flag and the letters of a region make one flag, Scotland's say (Unicode TS 51). Alone such letters hide words.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e0fff]")


def without_invisible(text: str, *, keep: str = "") -> str:
    """Return `text` in Unicode form NFC, control and invisible characters gone except those in `keep`.

    Characters that this Python's Unicode does not know yet stay: most likely they are new emoji.
    """
    kept = []
    for part in _TAGS.split(unicodedata.normalize("NFC", text).translate(_BLANK_FILLERS)):
        if part and _TAGS.fullmatch(part):
            kept.append(part)
        elif part:
            kept += [_visible(character, keep) for character in part]
    return "".join(kept)


def one_line(text: str) -> str:
    """Return `text` cleaned, as one line: line breaks and tabs become blanks, runs of blanks one blank."""
    return " ".join(without_invisible(text, keep=_JOINERS).split())


def _visible(character: str, keep: str) -> str:
    category = unicodedata.category(character)
    if character in keep or category[0] != "C":
        return character
    if category == "Cn" and not _NO_CHARACTER.match(character):
        return character
    return " " if category == "Cc" else ""


# Code points that will never be characters, or none that is seen (Unicode §23.7, Default_Ignorable_Code_Point).
_NO_CHARACTER = re.compile(
    "[\ufdd0-\ufdef\u2065\ufff0-\uffff]|[^\0-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)


def longest(model: type[models.Model], name: str) -> int:
    """Return how many characters the column `name` of a model takes."""
    return cast(models.CharField, model._meta.get_field(name)).max_length or 0


class TypedField(forms.CharField):
    """Text as typed. There is no `maxlength` on the input, because browsers cut off what is pasted and say nothing."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text, "" for none."""
        return super().to_python(value) or ""

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a text that is missing or longer than the database keeps."""
        super().validate(value)
        self.check_length(len(value))

    def check_length(self, length: int) -> None:
        """Raise ValidationError when that is more than the database keeps."""
        if length > self.limit:
            raise ValidationError(
                ngettext(
                    "Make this shorter: it may have %(limit)d character, and yours has %(length)d.",
                    "Make this shorter: it may have %(limit)d characters, and yours has %(length)d.",
                    self.limit,
                ),
                code="too_long",
                params={"limit": self.limit, "length": length},
            )


class LineField(TypedField):
    """One line of text: see `one_line`."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))


def line_of(detail: Detail) -> LineField:
    """Return an optional line of text for a detail of a person, with the hint of its column."""
    hint = cast(models.Field, Registrant._meta.get_field(detail.column)).help_text
    limit = longest(Registrant, detail.column)
    return LineField(label=capfirst(str(detail.words)), help_text=hint, limit=limit, required=False)


class NameField(LineField):
    """The name that the person wants, in any script. An optional name that `refuses` nothing is cut to fit.

    It may look like a web address, as J.de Boer does: no mail to an unverified address shows it.
    """

    def __init__(self, *, refuses: bool = True, **kwargs: Any) -> None:
        self.refuses = refuses
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        name = super().to_python(value)
        return name if self.refuses else name[: self.limit]

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a name without a letter or digit, or one whose key the database cannot keep."""
        if not self.refuses:
            return
        super().validate(value)
        self.check_length(math.ceil(len(key_of_name(value)) / 3))  # the key may be three times as long
        if value and not _LETTER_OR_DIGIT.search(value):
            raise ValidationError(self.error_messages["required"], code="required")


class AttendeeField(NameField):
    """The name of someone else. It is not marked as optional: people who open its part mean to fill it in."""

    is_marked = False


class WordsField(TypedField):
    """Several lines of text."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks and without what cannot be seen."""
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        return without_invisible(text, keep=_JOINERS + "\n").strip()


class AddressField(TypedField):
    """An email address, taken out of what was pasted around it. The form shows what it took."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=longest(Registrant, "email"), **kwargs)
        self.is_address = EmailValidator(allowlist=[])

    def to_python(self, value: Any) -> str:
        """Return the address alone. Its case stays."""
        # NFKC turns the full-width "＠" of Japanese keyboards into "@".
        typed = unicodedata.normalize("NFKC", super().to_python(value)).translate(_ALL_BLANK)
        typed = without_invisible(typed, keep=_JOINERS)
        local, at, domain = take_out_address(typed).translate(_AS_IN_ADDRESSES).rpartition("@")
        if is_old_phone_address(f"{local[1:-1]}@{domain}") and local == f'"{local[1:-1]}"':
            local = local[1:-1]  # as it goes on the envelope; we write the quotation marks ourselves
        # Joiners may be part of a domain in Persian or Hindi (IDNA 2008), never of what is before the @.
        return without_invisible(local) + at + (domain if not domain.isascii() else without_invisible(domain))

    def bound_data(self, data: Any, initial: Any) -> str:
        """Return the address that was taken out of what was posted."""
        return self.to_python(data)

    def validate(self, value: Any) -> None:
        """Raise ValidationError with the one thing to mend first."""
        super().validate(value)
        if value:
            self.check_shape(value)
            self.check_length(len(ascii_address(value)))

    def check_shape(self, value: Any) -> None:
        """Raise ValidationError unless mail can be sent there."""
        if value.count("@") > 1 and _SEVERAL.search(value):
            raise ValidationError(_("Enter one address only."), code="several")
        if "@" not in value:
            raise ValidationError(
                _("The @ is missing. Enter the whole email address, like name@example.org."), code="no_at"
            )
        if any(character.isspace() for character in value):
            raise _why_no_space(value)
        self.check_local(value)
        local, _at, domain = value.rpartition("@")
        if is_old_phone_address(value):
            local = "old"
        try:
            self.is_address(f"{local}@{domain}")
            ascii_address(value)
        except (ValidationError, UnicodeError):
            raise ValidationError(
                _("Check your email address. It looks like name@example.org."), code="shape"
            ) from None
        if local.startswith('"') or domain.startswith("[") or len(local) > _LONGEST_LOCAL:
            # The first two are used by nobody but people who try what a form lets through.
            raise ValidationError(_("Check your email address. It looks like name@example.org."), code="shape")

    def check_local(self, value: Any) -> None:
        """Raise ValidationError for what we cannot write to because of the part before the @."""
        local = value.rpartition("@")[0]
        if not local.isascii():
            # Too few mail servers take such an address (SMTPUTF8, RFC 6531) for our mails to arrive.
            letter = next(character for character in local if not character.isascii())
            raise ValidationError(
                _(
                    "We cannot write to an address with “%(letter)s” before the @. "
                    "Use an address with plain letters there: a to z."
                ),
                code="not_ascii",
                params={"letter": letter},
            )
        if has_odd_dots(local) and not is_old_phone_address(value):
            raise ValidationError(
                _(
                    "We cannot write to an address with two dots in a row, or with a dot first or last before the @. "
                    "Check the dots, or use another address."
                ),
                code="dots",
            )


def _why_no_space(value: str) -> ValidationError:
    """Return what to do about a space. Without it "Ada ada@example.org" would be an address of someone else."""
    if has_other_words(value):
        return ValidationError(_("Enter only the email address, without other words."), code="words")
    return ValidationError(_("Take the space out of your email address."), code="space")


# What the dot, hyphen and apostrophe of an address become on Asian keyboards, and in word processors.
_AS_IN_ADDRESSES = str.maketrans("。‐–‘’", ".--''")
_SEVERAL = re.compile(r"@.*[\s,;].*@")
