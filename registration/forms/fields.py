"""Fields for what people type of themselves: cleaned of what cannot be seen, with errors that say what to do."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.clock import UnknownZone, canonical_zone
from registration.addresses import ascii_address, key_of
from registration.models import Registrant

# Zero-width joiners shape words in Persian, Hindi and emoji; every other invisible character only hides something.
_JOINERS = "\u200c\u200d"
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# A name stands in mails to an address that nobody has verified yet: it must not carry a link to strangers.
_LINK = re.compile(
    r"://|\bwww\.|@|\w\.(?:com|net|org|info|biz|io|co|me|ru|cn|de|uk|fr|eu|us|xyz|top|shop|online|site|link|click|app|dev)\b",
    re.IGNORECASE,
)


def without_invisible(text, *, keep=""):
    """Return `text` in Unicode form NFC, control and invisible characters gone except those in `keep`."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if character in keep or category[0] != "C":
            kept.append(character)
        elif category == "Cc":
            kept.append(" ")
    return "".join(kept)


class TypedField(forms.CharField):
    """Text as typed. There is no `maxlength` on the input, because browsers cut off what is pasted and say nothing."""

    def __init__(self, *, limit, **kwargs):
        self.limit = limit
        super().__init__(**kwargs)

    def validate(self, value):
        """Raise ValidationError for a text that is missing or longer than the database keeps."""
        super().validate(value)
        self.check_length(max(len(value), len(key_of(value))))

    def check_length(self, length):
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
    """One line of text: line breaks and tabs become blanks, runs of blanks one blank."""

    def to_python(self, value):
        """Return the cleaned line."""
        return " ".join(without_invisible(super().to_python(value), keep=_JOINERS).split())


class NameField(LineField):
    """What somebody wants to be called, in any script."""

    def validate(self, value):
        """Raise ValidationError unless it can be a name and nothing more."""
        super().validate(value)
        if value and not _LETTER_OR_DIGIT.search(value):
            raise ValidationError(self.error_messages["required"], code="required")
        if _LINK.search(value):
            raise ValidationError(_("Enter a name only, without web or email addresses."), code="link")


class WordsField(TypedField):
    """Several lines of text."""

    widget = forms.Textarea

    def to_python(self, value):
        """Return the text with plain line breaks and without what cannot be seen."""
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        return without_invisible(text, keep=_JOINERS + "\n").strip()


MOST_IN_AN_ADDRESS = Registrant._meta.get_field("email").max_length


class AddressField(TypedField):
    """An email address, as typed but for what nobody meant: blanks around it, invisible and full-width characters."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})

    def __init__(self, **kwargs):
        super().__init__(limit=MOST_IN_AN_ADDRESS, **kwargs)
        self.is_address = EmailValidator(allowlist=[])

    def to_python(self, value):
        """Return the address without blanks around it. Its case stays."""
        # NFKC turns the full-width "＠" of Japanese keyboards into "@".
        return unicodedata.normalize("NFKC", without_invisible(super().to_python(value))).strip()

    def validate(self, value):
        """Raise ValidationError with the one thing to mend first."""
        super().validate(value)
        if value:
            self.check_shape(value)
            self.check_length(len(ascii_address(value)))

    def check_shape(self, value):
        """Raise ValidationError unless mail can be sent there."""
        if any(character.isspace() for character in value):
            raise ValidationError(_("Take the space out of your email address."), code="space")
        if "@" not in value:
            raise ValidationError(
                _("The @ is missing. Enter the whole email address, like name@example.org."), code="no_at"
            )
        local, _at, domain = value.rpartition("@")
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
        try:
            self.is_address(value)
            ascii_address(value)
        except (ValidationError, UnicodeError):
            raise ValidationError(
                _("Check your email address. It looks like name@example.org."), code="shape"
            ) from None
        if local.startswith('"') or domain.startswith("["):
            # Allowed by RFC 5321, used by nobody but people who try what a form lets through.
            raise ValidationError(_("Check your email address. It looks like name@example.org."), code="shape")


class ZoneField(forms.CharField):
    """A time zone by its IANA name; old names give today's. The list offers a few, any other name is taken too."""

    widget = forms.Select
    default_error_messages = {"unknown": gettext_lazy("We do not know this time zone. Choose a place from the list.")}

    def to_python(self, value):
        """Return today's name of the zone, or ""."""
        name = super().to_python(value)
        if not name:
            return ""
        try:
            return canonical_zone(name).key
        except UnknownZone:
            raise ValidationError(self.error_messages["unknown"], code="unknown") from None

    def bound_data(self, data, initial):
        """Return today's name for a posted old one, so that the list shows it as chosen."""
        try:
            return self.to_python(data)
        except ValidationError:
            return ""
