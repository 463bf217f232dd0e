"""Our own pages for requests that are refused before any view: by the gate, by the host, by the method."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conference.site.languages import ORGANISERS, without_language
from pxp.gate import REFUSED

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
GO_BACK = _("Go back in your browser: what you typed is usually still there.")
# By status: what happened, and what the visitor can do.
WORDS = {
    400: (
        _("We could not read what your browser sent"),
        _("Go back, load the page again, and try once more. If that does not help, try another browser."),
    ),
    403: (_("This page is not open to you"), _("If you think it should be, ask us.")),
    "organisers": (
        _("Please go back and try once more"),
        _("Your page was open for a long time, or your browser keeps no cookies. Load the page again first."),
    ),
    405: (_("This page does not accept that"), _("Open it from a link on this site, or go to the home page.")),
    404: (_("This page is not here"), _("The address may have a letter missing. You did nothing wrong.")),
    413: (
        _("That was too much for one form"),
        # "+" would join them once and for all, in the language of this moment.
        format_lazy("{}{}", _("A form here takes several pages of words, and no files. "), GO_BACK),
    ),
    "upload": (
        _("That was too much at once"),
        format_lazy(
            "{}{}",
            _("A file can have at most 9 MB, and a form 2 MB. Make the file smaller, or send it in parts. "),
            GO_BACK,
        ),
    ),
    414: (_("This address is too long"), _("Cut it off at the first question mark, and open it again.")),
    431: (_("Your browser sent too much at once"), _("Open this page in a private window, or clear our cookies.")),
}


class ErrorPagesMiddleware:
    """Answers requests that the gate refused, before any middleware that identifies people."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer requests that the gate refused, and give a wrong method (405) a page."""
        if status := request.META.get(REFUSED):
            return refuse(request, status)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = refuse(request, 405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request, exception):
        """Answer 404 if an address asks for a number that no database can hold."""
        is_asked_for = request.method in ("GET", "HEAD") and isinstance(exception, (OverflowError, DataError))
        return refuse(request, 404) if is_asked_for else None


def refuse(request, status, *, why=None):
    """Return the page that says why (a key of WORDS, or the status), with this status. It makes no query."""
    if status == 413 and without_language(request.path_info).startswith(ORGANISERS):
        why = "upload"
    title, advice = WORDS.get(why or status, WORDS[400])
    return render(None, "refused.html", {"title": title, "advice": advice}, status=status)


def bad_request(request, exception):
    """Answer as Django's handler400; 413 if the form itself was too large."""
    return refuse(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def permission_denied(request, exception):
    """Answer as Django's handler403."""
    return refuse(request, 403)


def csrf_failure(request, reason=""):
    """Answer as Django's CSRF_FAILURE_VIEW: an organiser's form came without its token.

    Usually they logged in again in another tab, which rotates the token. Then we keep what they typed.
    """
    from pxp.accounts import kept_words  # imported here: Django loads this module before the models

    if (answer := kept_words.keep_after_old_token(request)) is not None:
        return answer
    return refuse(request, 403, why="organisers")
