"""The pages on which organisers translate their words: all languages of an edition, and one language side by side."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conference.models import Conference, raise_content_version
from conference.raw_input import strip_unreadable
from conference.scripts import direction
from conference.translating import groups_of, languages

from .fingerprints import fingerprint_of
from .history import from_to

MAY_TRANSLATE = "conference.translate_conference"


def urls():
    """Return the addresses of these pages, for the site of organisers."""
    closed = admin.site.admin_view
    return [
        path("translations/", closed(all_languages), name="conference_translations"),
        path("translations/<str:year>/<str:language>/", closed(one_language), name="conference_translate"),
    ]


@require_http_methods(["GET", "HEAD"])
def all_languages(request):
    """Show how much of each edition is translated into each language."""
    if not request.user.has_perm(MAY_TRANSLATE):
        raise PermissionDenied
    editions = [
        (edition, [_summary(edition, code, name) for code, name in languages()])
        for edition in Conference.objects.newest_first()
    ]
    context = {**admin.site.each_context(request), "title": _("Translations"), "editions": editions}
    return TemplateResponse(request, "organisers/translations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one_language(request, year, language):
    """Show one group of an edition's words beside their translation, and keep what is typed."""
    if not request.user.has_perm(MAY_TRANSLATE):
        raise PermissionDenied
    if language not in dict(languages()):
        raise Http404("No such language.")
    conference = get_object_or_404(Conference, slug=year)
    groups = groups_of(conference, language)
    group = next((one for one in groups if one.key == request.GET.get("group")), groups[0])
    typed, conflicts, faults = {}, {}, {}
    if request.method == "POST":
        count, conflicts, faults = _keep(request, group)
        if not conflicts and not faults:
            words = ngettext("%(n)d translation is saved.", "%(n)d translations are saved.", count)
            messages.success(request, words % {"n": count})
            return redirect(f"{request.path}?group={group.key}")
        typed = request.POST
    name = dict(languages())[language]
    context = {
        **admin.site.each_context(request),
        "title": _("%(language)s: %(group)s") % {"language": name, "group": group.name},
        "language": language,
        "language_name": name,
        "language_direction": direction(language),
        "groups": groups,
        "group": group,
        "rows": [_row(part, typed, conflicts, faults) for part in group.parts],
        "conflicts": len(conflicts),
        "faults": len(faults),
    }
    status = 409 if conflicts else 422 if faults else 200
    return TemplateResponse(request, "organisers/translate.html", context, status=status)


def _summary(edition, code, name):
    groups = groups_of(edition, code)
    missing, changed = sum(group.missing for group in groups), sum(group.changed for group in groups)
    url = reverse("admin:conference_translate", args=[edition.slug, code])
    total = sum(len(group.parts) for group in groups)
    return {"code": code, "name": name, "url": url, "missing": missing, "changed": changed, "total": total}


def _row(part, typed, conflicts, faults):
    return {
        "part": part,
        "words": typed.get(part.key, part.words),
        "seen": _fingerprint(part),
        "conflict": conflicts.get(part.key),
        "fault": faults.get(part.key),
    }


def _fingerprint(part):
    """Return a fingerprint that changes when someone else edits a translation or its original."""
    return fingerprint_of((part.words, part.original))


def _keep(request, group):
    """Save what was typed, all or nothing.

    Returns (how many texts changed, {key: the other's words} for texts that both changed, {key: what to do} for those
    that do not fit their original).
    """
    with transaction.atomic():
        rows = {part.row: None for part in group.parts}
        for row in rows:
            row.__class__.objects.select_for_update(of=("self",)).get(pk=row.pk)
            row.refresh_from_db(fields=["translations", *row.TRANSLATED])
        typed = {
            part: strip_unreadable(request.POST[part.key].replace("\r\n", "\n")).strip()
            for part in group.parts
            if part.key in request.POST
        }
        changed = [
            part
            for part, words in typed.items()
            if words != part.words or (part.was and f"fits-{part.key}" in request.POST)
        ]
        conflicts = {
            part.key: part.words or part.original
            for part in changed
            if request.POST.get(f"seen-{part.key}") != _fingerprint(part)
        }
        found = {part.key: part.row.fault_in_translation(part.name, typed[part]) for part in changed}
        faults = {key: fault for key, fault in found.items() if fault}
        if conflicts or faults or not changed:
            return 0, conflicts, faults
        told = [(part, from_to(part.label, part.words, typed[part])) for part in changed]
        for part in changed:
            part.row.translate(part.name, part.language, typed[part][: part.max_length])
        for row in {part.row for part in changed}:
            row.save(update_fields=["translations"])
            labels = ", ".join(sentence for part, sentence in told if part.row == row)
            LogEntry.objects.log_actions(request.user.pk, [row], CHANGE, f"{changed[0].language}: {labels}")
        raise_content_version(now=timezone.now())
    return len(changed), {}, {}
