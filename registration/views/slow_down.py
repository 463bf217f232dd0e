"""Answers when many forms come, or when an address got enough mail. Typed text stays.

Nobody is shut out, however many people share a network: a flood makes each form wait a little and its mails leave one
after the other (abuse/budget.py). Nothing sleeps in a web thread.
"""

from datetime import timedelta

from django.utils.translation import ngettext

from registration.abuse import budget, limits
from registration.pages.enough_mail import enough_words

# From this many forms in ten minutes on, a form must have been open so many seconds. A person's own form mostly was.
OPEN_FOR = [(2000, 60), (600, 20), (limits.FORMS_PER_NETWORK.most, 3)]


def count_sign_up(request, form, now):
    """Count a sign-up form, right or wrong. Returns the seconds to wait, and then the form says so; else 0."""
    tries = limits.note(limits.FORMS_PER_NETWORK, limits.network_of(request), now=now)
    seconds = next((seconds for many, seconds in OPEN_FOR if tries > many), 0)
    if not seconds or not form.was_sent_too_fast(now, least=timedelta(seconds=seconds)):
        return 0
    words = ngettext(
        "Many forms are coming from your network. Please press Sign up again in %(seconds)d second.",
        "Many forms are coming from your network. Please press Sign up again in %(seconds)d seconds.",
        seconds,
    )
    form.is_valid()  # its other faults are shown at once
    form.add_error(None, words % {"seconds": seconds})
    return seconds


def count_lost_link(request, form, now):
    """Count a form that asks for a link. Returns the seconds until the address may get another mail, and says so."""
    limits.note(limits.FORMS_PER_NETWORK, limits.network_of(request), now=now)
    if not form.is_valid():
        return 0
    email = form.cleaned_data["email"]
    left_at = budget.last_left_at(email, now=now, is_link=True)
    if left_at is None:
        return 0
    form.add_error(None, enough_words(left_at, now))
    return int((left_at + budget.DAY - now).total_seconds())


def mark_too_many_requests(response, seconds):
    """Return the response with the time to wait in its header (RFC 9110 §10.2.3) and status 429 (RFC 6585 §4)."""
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response
