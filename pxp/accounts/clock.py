"""The organiser's own clock: chosen once, and used on every organisers' page."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.clock import UnknownZone, canonical_zone, place_name, places
from conference.workplace.own_clock import own_words, own_zone
from pxp.accounts.facts import facts_of
from registration.models import Organiser
from registration.models.history import note


def use_own_clock(get_response):
    """Return the middleware: while an organisers' page is made, Django's current zone is the organiser's.

    It comes after the session middleware. Other pages name their zones themselves and never use the current one.
    """

    def middleware(request):
        if "/organisers/" not in request.path_info or not request.user.is_authenticated:
            return get_response(request)
        request.own_zone = facts_of(request.user).zone
        with timezone.override(request.own_zone):
            return get_response(request)

    return middleware


class ClockForm(forms.Form):
    """Whose clock it is: a place, never the name of a zone."""

    time_zone = forms.ChoiceField(
        label=gettext_lazy("Where are you?"),
        help_text=gettext_lazy("Choose your city, or the nearest one with the same time."),
        error_messages={"required": gettext_lazy("Choose a city.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [("", _("Choose a city")), *places()]
        self.fields["time_zone"].widget.attrs["data-own-zone"] = ""

    def clean_time_zone(self):
        """Return the name of the zone."""
        try:
            return canonical_zone(self.cleaned_data["time_zone"]).key
        except UnknownZone:
            raise forms.ValidationError(_("Choose a city.")) from None


def choose_clock(request):
    """Show the form, or save and log the chosen place, and go back to the page the organiser came from."""
    now, zone = timezone.now(), getattr(request, "own_zone", None)
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("admin:index")
    form = ClockForm(request.POST or None, initial={"time_zone": zone.key if zone else ""})
    if request.method == "POST" and form.is_valid():
        set_clock(request.user, form.cleaned_data["time_zone"])
        words = _("Your clock is %(place)s from now on.") % {"place": place_name(form.cleaned_data["time_zone"])}
        messages.success(request, words)
        return HttpResponseRedirect(back)
    context = admin.site.each_context(request) | {
        "title": _("Your clock"),
        "form": form,
        "next": back,
        "here": place_name(own_zone().key),
        "now_words": own_words(now),
        "is_set": zone is not None,
    }
    return TemplateResponse(request, "organisers/clock.html", context, status=422 if form.errors else 200)


def set_clock(user, zone_name):
    """Set the clock of an account to a zone, by its IANA name, and log that."""
    before = facts_of(user).zone
    Organiser.objects.update_or_create(user=user, defaults={"time_zone": zone_name})
    names = {"before": place_name(before.key) if before else _("not chosen"), "after": place_name(zone_name)}
    note(user, user, _("Own clock: from %(before)s to %(after)s") % names)
