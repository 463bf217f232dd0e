"""Access facts: what a day or a session offers so everyone can take part."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Offer(models.TextChoices):
    """Whether a feature is offered. Empty, on the model, means not known yet."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


def _offer(label):
    return models.CharField(label, max_length=3, choices=Offer, blank=True)


class AccessOffers(models.Model):
    """Fields that days and sessions share. Empty on a session: as on its day. Empty on a day: to be announced."""

    FEATURES = ("captions", "sign_language", "breaks", "recording", "materials")

    captions = _offer(_("live captions"))
    sign_language = _offer(_("sign language"))
    breaks = _offer(_("breaks"))
    recording = _offer(_("a recording afterwards"))
    materials = _offer(_("materials beforehand"))
    access_note = models.CharField(
        _("more about access"), max_length=300, blank=True, help_text=_("For example: captions in English and French.")
    )

    class Meta:
        abstract = True
