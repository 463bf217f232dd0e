"""Two traps for bots that fill in forms. Nobody has to solve anything; a person caught in one is told what to do.

The empty field (a honeypot) is not shown, read aloud or reachable by keyboard: only a bot finds it. The signed
timestamp says when the form was opened. It is only checked when a network has sent many forms: a person alone is never
too fast.
"""

from datetime import UTC, datetime

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

_SIGNER = signing.Signer(salt="pxp.form-opened")


class TrapsMixin(forms.Form):
    """Adds the two fields, under names that no browser fills in automatically."""

    leave_empty = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def set_traps(self, now):
        """Stamp the form with the minute of the UTC instant `now`: a minute's pages are the same, byte by byte."""
        self.fields["opened"].initial = _SIGNER.sign_object(int(now.timestamp()) // 60 * 60)

    def clean_leave_empty(self):
        """Raise ValidationError if the hidden field was filled in."""
        if self.cleaned_data["leave_empty"]:
            raise forms.ValidationError(_("Something filled in a field that is not for you. Empty it and send again."))
        return ""

    @property
    def opened_at(self):
        """The UTC instant, in full minutes, at which the form that was sent had been opened; None if it is not ours."""
        try:
            return datetime.fromtimestamp(_SIGNER.unsign_object(self.data.get("opened", "")), tz=UTC)
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def was_sent_too_fast(self, now, *, least):
        """Whether the form was opened less than `least`, a timedelta, before the UTC instant `now`, or elsewhere."""
        return self.opened_at is None or now - self.opened_at < least
