"""A form for a new row adds one row, however often it is sent: a finger may shake, or a slow page get a second press.

Each page of such a form carries a random word. The organiser's session keeps the fingerprints of what was sent with it,
so the same page sent with other words, after the Back button, still adds another row.
"""

from django.contrib.auth.models import User
from django.utils.crypto import get_random_string

from .fingerprints import fingerprint_of

FIELD = "_once"  # the name of the hidden field
KEPT = "added"  # in the session: {fingerprint: where it led}
MOST = 20


def word_for_page():
    """Return another random word for each page."""
    return get_random_string(16)


def where_it_led(request):
    """Return the address to which the same form led when it was sent before, or None. Call it in a transaction."""
    if FIELD not in request.POST:
        return None
    User.objects.select_for_update().filter(pk=request.user.pk).first()  # a second press waits for the first
    kept = type(request.session)(request.session.session_key).get(KEPT, {})  # as it is now
    return kept.get(_fingerprint(request))


def note_added(request, address):
    """Remember that this form was sent, and to which address it led."""
    if FIELD in request.POST:
        kept = [*request.session.get(KEPT, {}).items(), (_fingerprint(request), address)]
        request.session[KEPT] = dict(kept[-MOST:])
        request.session.save()  # before another press sees the row


def _fingerprint(request):
    names = sorted(request.POST.keys() - {"csrfmiddlewaretoken"})
    return fingerprint_of((name, request.POST.getlist(name)) for name in names)
