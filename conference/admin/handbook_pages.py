"""The pages of the handbook on the organisers' side."""

from django.contrib import admin
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.workplace import handbook


def urls():
    """Return the addresses of the handbook, for the site of organisers."""
    closed = admin.site.admin_view
    return [
        path("help/", closed(contents), name="help"),
        path("help/<slug:slug>/", closed(chapter), name="help_chapter"),
    ]


@require_safe
def contents(request):
    """Show all chapters, or those in which the words of `?q=` occur."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = handbook.find(words) if words else list(handbook.chapters().values())
    first = words.split()[0] if words else ""
    context = {
        **admin.site.each_context(request),
        "title": _("Help"),
        "words": words,
        "found": [(one, one.excerpt(first) if words else "") for one in found],
    }
    return TemplateResponse(request, "organisers/help.html", context)


@require_safe
def chapter(request, slug):
    """Show one chapter. Answers 404 if there is none of that name."""
    found = handbook.chapters().get(slug)
    if found is None:
        raise Http404("No such chapter.")
    context = {
        **admin.site.each_context(request),
        "title": found.title,
        "crumbs": [(_("Help"), reverse("admin:help"))],
        "html": found.html(lambda other: reverse("admin:help_chapter", args=[other])),
        "others": [one for one in handbook.chapters().values() if one != found],
    }
    return TemplateResponse(request, "organisers/help_chapter.html", context)
