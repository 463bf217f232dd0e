"""What the pages with a form say when a limit is reached: when to try again. What was typed stays."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.abuse import limits
from registration.addresses import key_of_address

# From so many sign-ups in ten minutes on, a network may be a program, so its forms are looked at more closely.
MANY = 200


def count_sign_up(request, form, now):
    """Count a sign-up. Returns the seconds to wait when there were too many, and then the form says so; else 0."""
    try:
        tries = limits.count(limits.SIGN_UPS_PER_NETWORK, limits.network_of(request), now=now)
        limits.count(limits.SIGN_UPS_PER_ADDRESS, key_of_address(form.cleaned_data["email"]), now=now)
    except limits.TooManyTries as stop:
        return _say_when(form, stop)
    if tries > MANY and form.was_sent_too_fast(now):
        form.add_error(None, _("That was very fast. Please look over what you typed and press Sign up once more."))
        return 3
    return 0


def count_lost_link(request, form, now):
    """Count a request for a link. Returns the seconds to wait, as `count_sign_up`."""
    try:
        limits.count(limits.LOST_LINKS_PER_NETWORK, limits.network_of(request), now=now)
        limits.count(limits.LOST_LINKS_PER_ADDRESS, key_of_address(form.cleaned_data["email"]), now=now)
    except limits.TooManyTries as stop:
        return _say_when(form, stop)
    return 0


def slowed(response, seconds):
    """Return the response with the time to wait in its header (RFC 9110 §10.2.3) and status 429 (RFC 6585 §4)."""
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response


def _say_when(form, stop):
    words = ngettext(
        "This form was sent very often from where you are. Try again in %(minutes)d minute. What you typed is kept.",
        "This form was sent very often from where you are. Try again in %(minutes)d minutes. What you typed is kept.",
        stop.minutes,
    )
    form.add_error(None, words % {"minutes": stop.minutes})
    return stop.minutes * 60
