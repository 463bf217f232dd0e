"""What the pages of one person and the pages with a form have in common."""

from dataclasses import replace
from functools import wraps

from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods

from conference.site.edition import with_conference
from registration import links


def form_page(view):
    """Let a view answer GET, HEAD and POST, and keep its page out of shared caches: the form holds a CSRF token.

    The browser may still go back to it, with all that was typed.
    """
    view = cache_control(private=True, no_cache=True)(view)
    return require_http_methods(["GET", "HEAD", "POST"])(with_conference(view))


def personal(open_token, methods=("GET", "HEAD", "POST"), *, may_be_kept=False):
    """Decorate a view with a `token` in its address so that it gets, instead, what `open_token(token)` returns.

    A token that opens nothing (BadToken) gets a page that says so, with status 404. Nobody stores the answer (with
    `may_be_kept` only the person's own program does), no search engine lists it, no other site hears its address.
    """
    kept_by = cache_control(private=True, no_cache=True) if may_be_kept else never_cache

    def decorate(view):
        @wraps(view)
        def opened(request, token, **kwargs):
            try:
                subject = open_token(token)
            except links.BadToken:
                response = TemplateResponse(request, "registration/wrong_link.html", status=404)
            else:
                on_their_clock(request, getattr(subject, "registrant", subject))
                response = view(request, subject, **kwargs)
            response["X-Robots-Tag"] = "noindex, nofollow"
            # Not "no-referrer": browsers then send "Origin: null" with our own forms, and the CSRF check refuses them.
            response.setdefault("Referrer-Policy", "same-origin")
            return response

        return require_http_methods(list(methods))(kept_by(with_conference(opened, required=False)))

    return decorate


def on_their_clock(request, registrant):
    """Let the page, and every link from it to the program, show times in the person's own zone."""
    request.edition = replace(request.edition, zone=registrant.zone)
    request.visitor_zone = request.edition.zone


def of_person(purpose):
    """Return the function that opens tokens of `purpose` as their registrant, for `personal`."""
    return lambda token: links.registrant_by_token(purpose, token)
