"""The program as files: to pass on, to keep, to change in a spreadsheet program and import again."""

import base64
import binascii
import io
import zlib
from contextlib import suppress

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from conference.models import Conference
from conference.program_file import Fault, ProgramFaults, check, words_of
from conference.program_formats import LARGEST, as_yaml, export_program, plain_of, rows_of, sheets_of
from conference.program_loading import GoodSessions, drop_faulty_sessions, importing
from conference.tables import FORMATS, write
from conference.workplace.editions import edition_asked_for
from conference.workplace.own_clock import own_zone
from conference.workplace.pages import require_right

from .file_addresses import MAY_DOWNLOAD, MAY_IMPORT
from .fingerprints import fingerprint_of

LONGEST_NAME = 100  # of a file; its ending counts
# What organisers can download: the file name for a year, the content type, and a function of the plain data.
DOWNLOADS = {
    "yaml": ("program-%s.yaml", "application/yaml", lambda told: io.BytesIO(as_yaml(told))),
    "xlsx": ("program-%s.xlsx", FORMATS["xlsx"], lambda told: write("xlsx", sheets_of(told))),
    "csv": ("sessions-%s.csv", FORMATS["csv"], lambda told: write("csv", [rows_of(told)])),
}
# Files that everybody may fetch once the edition is published: (URL name, name, what for).
PUBLIC = (
    ("program-ics", gettext_lazy("iCalendar"), gettext_lazy("for calendars")),
    ("program-json", gettext_lazy("Schedule JSON"), gettext_lazy("for partners’ sites and for pretalx")),
    ("program-xml", gettext_lazy("frab XML"), gettext_lazy("for apps on phones, such as Giggity")),
)


@require_safe
@require_right(MAY_DOWNLOAD)
def program_files(request):
    """Show the files in which one edition's program can be downloaded."""
    return _show(request, edition_asked_for(request))


def _show(request, conference, *, faults=(), name="", data=b"", good=None, status=200):
    parts = {"year": conference.slug}
    context = {
        "may_import": request.user.has_perm(MAY_IMPORT),
        "may_undo": importing.may_undo(conference, now=timezone.now()),
        "faults": [_place_and_words(fault) for fault in faults],
        "file_name": name,
        "good": good,
        "kept": _keep(data) if good else "",
        **admin.site.each_context(request),
        "title": _("The program of %(conference)s as a file") % {"conference": conference.name},
        "conference": conference,
        "public": [(reverse(f"edition:{name}", kwargs=parts), words, purpose) for name, words, purpose in PUBLIC],
        "others": Conference.objects.newest_first().other_than(conference),
    }
    return TemplateResponse(request, "organisers/files/program.html", context, status=status)


def _place_and_words(fault):
    """Return where a fault is ("sessions, row 3: day 1, session 2, title"), and what to do."""
    return ": ".join(filter(None, (words_of(fault.line), fault.field))), fault.sentence


@require_POST
@require_right(MAY_DOWNLOAD)
def download(request, pk):
    """Return the program as YAML or XLSX, or its sessions as CSV, and log the download."""
    conference, kind = get_object_or_404(Conference, pk=pk), request.POST.get("kind")
    if kind not in DOWNLOADS:
        raise Http404
    name, content_type, make = DOWNLOADS[kind]
    file = make(export_program(conference))
    answer = FileResponse(file, as_attachment=True, filename=name % conference.slug, content_type=content_type)
    words = _("Downloaded the program (%(kind)s)") % {"kind": kind.upper()}
    LogEntry.objects.log_actions(request.user.pk, [conference], CHANGE, words)
    return answer


@require_POST
@require_right(MAY_IMPORT)
def preview_file(request, pk):
    """Read a file, and show what it would change or what is wrong with it. Changes nothing."""
    conference = get_object_or_404(Conference, pk=pk)
    file = request.FILES.get("file")
    if file is not None:
        return _preview(request, conference, file.read(LARGEST + 1), file.name[-LONGEST_NAME:])
    if "kept" in request.POST:
        return _preview(request, conference, *_kept(request))
    fault = Fault(None, "", _("Choose a file first."))
    return _show(request, conference, faults=[fault], status=422)


def _keep(data):
    """Return the bytes of a file as our own page holds them."""
    return base64.b64encode(zlib.compress(data)).decode()


def _kept(request):
    """Return the bytes and the name of the file that our own page sends back. Reads no more than the size limit."""
    try:
        packed = base64.b64decode(request.POST.get("kept", ""), validate=True)
        data = zlib.decompressobj().decompress(packed, LARGEST + 1)
    except (binascii.Error, zlib.error) as error:
        raise SuspiciousOperation from error
    return data, request.POST.get("name", "")[-LONGEST_NAME:]


def _preview(request, conference, data, name):
    plain = None
    try:
        plain = _plain(conference, data, name)
        good = _good(request, plain)
        told = importing.preview(conference, good, now=timezone.now(), zone=own_zone())
    except ProgramFaults as faults:
        return _show_faults(request, conference, faults, plain, data, name)
    context = {
        **admin.site.each_context(request),
        "title": _("What the file changes"),
        "conference": conference,
        "told": told,
        "good": good,
        "answer": fingerprint_of(told),
        "file_name": name,
        "kept": _keep(data),
        "crumbs": [(_("Program as a file"), _home_of(conference))],
    }
    return TemplateResponse(request, "organisers/files/look.html", context)


def _show_faults(request, conference, faults, plain, data, name):
    """Say what is wrong with a file, and offer to import its good sessions, if they do not need the others."""
    good = None
    if None not in faults.sessions:
        with suppress(ProgramFaults):
            good = drop_faulty_sessions(plain, anyway=True)
    told = good.faults if good else faults.faults
    return _show(request, conference, faults=told, name=name, data=data, good=good, status=422)


@require_POST
@require_right(MAY_IMPORT)
def import_file(request, pk):
    """Import the file that was previewed, if it still changes what was shown."""
    conference = get_object_or_404(Conference, pk=pk)
    now, (data, name), plain = timezone.now(), _kept(request), None
    try:
        plain = _plain(conference, data, name)
        good = _good(request, plain)
        told = importing.preview(conference, good, now=now, zone=own_zone())
        if fingerprint_of(told) != request.POST.get("yes"):
            messages.warning(request, _("Someone changed the program in the meantime. Check the changes again."))
            return _preview(request, conference, data, name)
        importing.import_program(conference, good, user=request.user, now=now)
    except ProgramFaults as faults:
        return _show_faults(request, conference, faults, plain, data, name)
    words = ngettext("A file changed %(n)d thing", "A file changed %(n)d things", len(told)) % {"n": len(told)}
    LogEntry.objects.log_actions(request.user.pk, [conference], CHANGE, words)
    if conference.is_published:
        messages.success(request, _("The file is in the draft. Readers do not see it yet."))
    else:
        messages.success(request, _("The file is in the program."))
    return redirect(_home_of(conference))


@require_POST
@require_right(MAY_IMPORT)
def undo(request, pk):
    """Undo the last import."""
    conference = get_object_or_404(Conference, pk=pk)
    try:
        importing.undo(conference, now=timezone.now())
    except importing.TooLate:
        messages.warning(request, _("It is too late: something else has been saved or published since then."))
    else:
        LogEntry.objects.log_actions(request.user.pk, [conference], CHANGE, _("Took back what a file changed"))
        messages.success(request, _("Taken back. The program is as it was before the file."))
    return redirect(_home_of(conference))


def _home_of(conference):
    return reverse("admin:program-files", query={"edition": conference.pk})


def _plain(conference, data, name):
    return plain_of(data, name, there=importing.export_draft(conference), zone=own_zone())


def _good(request, plain):
    """Return the GoodSessions to bring in: all sessions, or those without a fault if the organiser chose so."""
    if "alone" in request.POST:
        return drop_faulty_sessions(plain, anyway=True)
    return GoodSessions(check(plain, anyway=True))
