"""Decorators that personal pages and pages with a form share."""

from dataclasses import replace
from functools import wraps

from django.core.exceptions import ObjectDoesNotExist, ObjectNotUpdated
from django.db import IntegrityError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conference.site.edition import show_own_edition, with_conference
from conference.site.languages import speak, versions_of
from conference.site.public import public_page
from registration import links

# Errors from two buttons pressed at the same time, one of them "Delete my data", for example.
CONFLICTS = (IntegrityError, ObjectDoesNotExist, ObjectNotUpdated)


def form_page(view):
    """Decorate a view with a public form: its page is public, its answer to a sent form is private.

    It needs no cookie and no token (pxp/origin.py). The browser may go back to an answer, with all that was typed.
    """
    shown = public_page(view)
    taken = cache_control(private=True, no_cache=True)(view)

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @with_conference
    def answer(request, *args, **kwargs):
        return (taken if request.method == "POST" else shown)(request, *args, **kwargs)

    return wraps(view)(answer)


def personal(open_token, methods=("GET", "HEAD", "POST"), *, may_be_kept=False):
    """Decorate a view with a `token` in its address so it gets, instead, what `open_token(token)` returns.

    The page is in the person's language, and so are its links. A token that opens nothing (BadToken) gets a page that
    says so, with status 404. Nobody stores the answer (with `may_be_kept` only the person's own program does), no
    search engine lists it, no other site hears its address.
    """
    kept_by = cache_control(private=True, no_cache=True) if may_be_kept else never_cache

    def decorate(view):
        def answer(request, token, **kwargs):
            subject = open_token(token)
            registrant = getattr(subject, "registrant", subject)
            speak(registrant.language)
            if request.edition is None or not registrant.conference.is_published:
                show_own_edition(request, registrant.conference, timezone.now())
            on_their_clock(request, registrant)
            return view(request, subject, **kwargs)

        @wraps(view)
        def wrapper(request, token, **kwargs):
            try:
                response = retry_after_conflict(answer, request, token, **kwargs)
            except links.BadToken as error:
                response = wrong_link(request, token, is_replaced=isinstance(error, links.Replaced))
            response["X-Robots-Tag"] = "noindex, nofollow"
            # Not "no-referrer": browsers would send "Origin: null" with our own forms, which pxp/origin.py refuses.
            response.setdefault("Referrer-Policy", "same-origin")
            return response

        # The link authenticates the person, so there is no CSRF token and no cookie; pxp/origin.py checks the origin.
        return csrf_exempt(require_http_methods(list(methods))(kept_by(with_conference(wrapper, required=False))))

    return decorate


def wrong_link(request, token, *, is_replaced):
    """Return the page for a token that opens nothing, in the language of the person it names, with links to the others.

    Each other language leads to the page that sends a new link.
    """
    speak(links.language_named_by(token))
    languages = versions_of(reverse("sign-up:lost-link"))
    context = {"is_replaced": is_replaced, "languages": languages}
    return TemplateResponse(request, "registration/wrong_link.html", context, status=404)


def retry_after_conflict(answer, request, *args, **kwargs):
    """Return the response; retry once if another button of the same person changed the rows first.

    A service is one transaction, so nothing was done by halves. The second try sees the current state.
    """
    try:
        return answer(request, *args, **kwargs)
    except CONFLICTS:
        if request.method != "POST":
            raise
        return answer(request, *args, **kwargs)


def on_their_clock(request, registrant):
    """Let the page, and every link from it to the program, show times in the person's own zone."""
    request.edition = replace(request.edition, zone=registrant.clock)
    request.visitor_zone = request.edition.zone


def of_person(purpose):
    """Return the function that opens tokens of `purpose` as their registrant, for `personal`."""
    return lambda token: links.registrant_by_token(purpose, token)


def open_to_all_origins(view):
    """Decorate a view that accepts cross-site forms (pxp/origin.py)."""
    view.is_open_to_all_origins = True
    return view
