"""Previews of a draft: the same views as the public pages, in a transaction that is rolled back."""

from contextlib import contextmanager

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, resolve, set_script_prefix
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from conference import drafts
from conference.models import Conference
from conference.site.kept_facts import CONTENT_VERSION
from conference.site.languages import language_of
from conference.site.previews import conference_of
from conference.site.public import FOR_EVERYBODY

# Whose pages are shown: the program's, and the form of sign-up, which takes nothing here.
OF_THE_PROGRAM = {"conference", "edition"}
OF_SIGN_UP = {"sign-up", "sign-up-all", "sign-up-day"}
OF_BOTH = {"picture"}


@require_safe
def preview(request, key, path):
    """Show a public page with an edition's draft. It is never cached, and search engines do not list it."""
    conference = conference_of(key)
    response = render_expired(request) if conference is None else draft_page(request, conference, path)
    request.META.pop(FOR_EVERYBODY, None)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def draft_page(request, conference, path):
    """Return the page at a public `path`, made of the draft, with all its links within the preview."""
    prefix = request.path[: len(request.path) - len(path)]
    try:
        with as_published(conference), at_prefix(prefix), translation.override(language_of(f"/{path}")):
            request.previewed = conference.pk
            request.META.pop(CONTENT_VERSION, None)  # neither stores nor uses cached facts
            request.path_info = f"/{path}"
            request.resolver_match = match = resolve(request.path_info)
            if match.namespace not in OF_THE_PROGRAM and match.url_name not in OF_SIGN_UP | OF_BOTH:
                raise Http404
            response = match.func(request, *match.args, **match.kwargs)
            if hasattr(response, "render"):
                response.render()
            return response
    except Http404:
        return TemplateResponse(request, "conference/not_in_preview.html", {"home": prefix}, status=404).render()


@contextmanager
def as_published(conference):
    """Show an edition's draft as if readers saw it, as long as the block runs."""
    if conference.is_published:
        with drafts.show_drafts(conference):
            yield
        return
    with drafts.roll_back(), drafts.show_drafts(conference):
        Conference.objects.filter(pk=conference.pk).update(is_published=True)
        yield


def render_expired(request):
    """Return the page for a link that is wrong or too old."""
    return TemplateResponse(request, "conference/preview_over.html", status=404).render()


@contextmanager
def at_prefix(prefix):
    """Make all addresses that a block reverses begin with `prefix`."""
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)
