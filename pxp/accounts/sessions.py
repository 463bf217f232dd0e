"""How long an organiser stays logged in: three hours without use, and seven days at most."""

import logging

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.utils import timezone

from pxp.server_errors import is_temporary

LONGEST = 7 * 24 * 60 * 60  # seconds
SINCE, SEEN = "logged_in_at", "seen_at"
LOOK_EVERY = 60  # seconds: a session is saved at most this often
CLOCKS_DIFFER = 5 * 60  # seconds, between machines

logger = logging.getLogger(__name__)


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's own, which still shows a finished page when the session cannot be written.

    Without it a full disk would keep organisers from reading, and a change that is saved would look lost.
    """

    def process_response(self, request, response):
        """Write the session and set its cookie, or leave both as they were."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted as fault:
            if not is_temporary(fault):
                raise
            logger.warning("A session could not be written")
            return response


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
    # One that began in the future is from a clock that was ahead: it would last until that time comes.
    if not -CLOCKS_DIFFER <= now - since < LONGEST:
        logout(request)
    elif abs(now - request.session.get(SEEN, 0)) >= LOOK_EVERY:
        request.session[SEEN] = now  # saving it restarts the three hours
