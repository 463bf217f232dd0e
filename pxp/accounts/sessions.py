"""How long an organiser stays logged in: three hours without use, and seven days at most."""

from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone

LONGEST = 7 * 24 * 60 * 60  # seconds
SINCE, SEEN = "logged_in_at", "seen_at"
LOOK_EVERY = 60  # seconds: a session is written at most so often
CLOCKS_DIFFER = 5 * 60  # seconds, between machines


def slide(get_response):
    """Return the middleware. It looks at organisers' pages alone, so no other page reads a session."""

    def middleware(request):
        if "/organisers/" in request.path_info and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _slide(request, timezone.now().timestamp())
        return get_response(request)

    return middleware


def _slide(request, now):
    if not request.user.is_authenticated:
        return
    since = request.session.setdefault(SINCE, now)
    # One that began later than now is of a clock that was ahead: it would last until that comes back.
    if not -CLOCKS_DIFFER <= now - since < LONGEST:
        logout(request)
    elif abs(now - request.session.get(SEEN, 0)) >= LOOK_EVERY:
        request.session[SEEN] = now  # writing it lets the three hours begin again
