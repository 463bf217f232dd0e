"""Bringing people in from a file: upload, look, bring in, take back. Each step is a page that works without script."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from conference.models import Day
from conference.tables import CannotRead
from conference.workplace.editions import edition_asked_for
from conference.workplace.own_clock import own_words
from conference.workplace.pages import require_right
from registration import people_file
from registration.models import FilePerson, FilePortion, PeopleFile, Registration
from registration.services import retention
from registration.services.people_import import TooLate, count_removals, estimate_removals, may_take_back

from .common import MAY_IMPORT
from .import_forms import ChoicesForm, UploadForm
from .import_words import counted_days, fault_words, outcomes, row_words


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(MAY_IMPORT)
def start(request):
    """Show the form for a file, and the files of the last day; on POST take a file and lead on to what is in it."""
    conference = edition_asked_for(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    fault = ""
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            data = upload.read(people_file.LIMITS.bytes + 1)
            file = people_file.begin(conference, data, name=upload.name, user=request.user, now=timezone.now())
        except CannotRead as error:
            fault = error.sentence
        else:
            return _to(people_file.preview(file, now=timezone.now()))
    elif request.method == "POST":
        fault = form.errors.get("file", [_("Choose a file.")])[0]
    context = {
        "form": form,
        "fault": fault,
        "conference": conference,
        "files": [
            (file, own_words(file.created_at)) for file in PeopleFile.objects.for_edition(conference).newest_first()
        ],
        "crumbs": [(_("Files"), reverse("admin:files", query={"edition": conference.pk}))],
    }
    title = _("Bring people in from a file")
    return _draw(request, "start", title, context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(MAY_IMPORT)
def preview(request, pk):
    """Show a file as far as it is; on POST match its columns in another way, and look again. Changes no person."""
    file, now = _file(pk), timezone.now()
    form = None
    if request.method == "POST":
        form = _form(file, request.POST, now)
        try:
            if form.is_valid():
                people_file.choose(file, form.chosen(), now=now)
                return _to(file)
        except people_file.ChangedMeanwhile:
            return _say_changed(request, file)
    return _show(request, file, form, now, status=422 if form else 200)


@require_POST
@require_right(MAY_IMPORT)
def import_people(request, pk):
    """Bring the people in, if the file still changes what was shown."""
    file, now = _file(pk), timezone.now()
    try:
        people_file.import_people(
            file,
            user=request.user,
            agreed=request.POST.get("agreed", ""),
            writes=request.POST.get("mails") == "yes",
            is_whole=request.POST.get("whole") != "no",
            now=now,
        )
    except people_file.ChangedMeanwhile:
        return _say_changed(request, file)
    except people_file.HasBadRows:
        words = _("Nothing was brought in: some rows are bad. Fix them in the file, or choose the good rows alone.")
        messages.error(request, words)
        return _show(request, _file(pk), None, now, status=422)
    return _to(file)


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(MAY_IMPORT)
def undo(request, pk):
    """Ask, with the numbers; on POST take back what the file brought."""
    file, now = _file(pk), timezone.now()
    if request.method == "POST":
        try:
            people_file.take_back(file, user=request.user, now=now)
        except TooLate:
            file.refresh_from_db()
            if not (file.is_undoing or file.is_taken_back):  # else the button was pressed twice: the page says so
                messages.warning(request, _("It is too late to take this file back."))
        return _to(file)
    if not may_take_back(file, now=now):
        return _to(file)
    is_counted = people_file.is_small(file)
    found = count_removals(file) if is_counted else estimate_removals(file)
    number = found["go"] + found["told"]
    someone_waits = Registration.objects.for_edition(file.conference_id).waitlisted().exists()
    context = {
        "file": file,
        "found": found,
        "is_counted": is_counted,
        "number": number,
        "someone_waits": someone_waits,
        "crumbs": _crumbs(file),
    }
    if is_counted:
        title = ngettext("Take back %(n)d person?", "Take back %(n)d people?", number) % {"n": number}
    else:
        title = _("Take back up to %(n)s people?") % {"n": number}
    return _draw(request, "undo", title, context)


def _file(pk):
    return get_object_or_404(PeopleFile.objects.with_edition(), pk=pk)


def _to(file):
    return HttpResponseRedirect(reverse("admin:peoplefile-look", args=[file.pk]))


def _say_changed(request, file):
    """Say that a press did nothing, unless it was the second one: then the page says how far the file is."""
    file.refresh_from_db()
    if file.is_importing or file.is_done:
        return _to(file)
    messages.warning(request, _("Something has changed in the meantime. Nothing was brought in. Please check again."))
    return _to(file)


def _form(file, data, now):
    chosen = people_file.Choices.from_plain(file.choices)
    portion = FilePortion.objects.for_file(file).first()
    headings, rows = people_file.find_headings(file)
    return ChoicesForm(
        data,
        chosen=chosen,
        headings=headings,
        rows=rows,
        first_rows=portion.rows if portion else [],
        days=people_file.days_to_choose(file.conference, now),
    )


def _show(request, file, form, now, *, status):
    """Return the page of a file: its form and its rows, or its progress, or how it went."""
    chosen = people_file.Choices.from_plain(file.choices)
    headings, _rows = people_file.find_headings(file)
    context = {
        "file": file,
        "chosen": chosen,
        "counts": file.counts,
        "people": file.counts.get("new", 0) + file.counts.get("known", 0),
        "outcomes": outcomes(file),
        "days": counted_days(file, Day.objects.for_edition(file.conference)),
        "faults": [fault_words(fault, headings) for fault in file.faults],
        "more_faults": file.counts.get("bad", 0) - len(file.faults),
        "notes": [fault_words(note, headings) for note in file.notes],
        "more_notes": file.counts.get("noted", 0) - len(file.notes),
        "is_moving": file.is_previewing or file.is_importing or file.is_undoing,
        "as_it_was": own_words(now),
        "may_undo": may_take_back(file, now=now),
        "mails_at": own_words(file.mails_at) if file.mails_at and file.mails_at > now else "",
        "agreed": people_file.fingerprint_of(file),
        "unconfirmed_days": retention.rules()["unconfirmed"].days,
        "crumbs": _crumbs(file),
    }
    if context["is_moving"]:
        context["done"], context["total"] = _progress(file)
        context["percent"] = f"{100 * context['done'] / max(context['total'], 1):.1f}"
    if file.is_ready or form is not None:
        context["form"] = form or _form(file, None, now)
        context["missing"] = [people_file.USES[use] for use in chosen.missing]
        context |= _rows_shown(request, file, now) if not chosen.missing else {}
    return _draw(request, "file", _title(file), context, status=status)


def _progress(file):
    """Return how many rows of how many are done; of a file that is taken back, how many people of how many."""
    if file.is_undoing:
        done = sum(file.counts.get(name, 0) for name in ("go", "told", "stay"))
        return done, done + FilePerson.objects.for_file(file).count()
    return min(file.portions_done * people_file.PORTION, file.rows), file.rows


def _rows_shown(request, file, now):
    """Return one portion of the rows, each with what comes of it, and its Page."""
    page = Paginator(FilePortion.objects.for_file(file), 1).get_page(request.GET.get("p"))
    if not page.object_list:
        return {}
    headings, _rows = people_file.find_headings(file)
    rows = people_file.preview_rows(file, page.object_list[0], now=now)
    return {"rows": [row_words(row, headings) for row in rows], "page": page}


def _title(file):
    if file.is_previewing:
        return _("Looking at %(file)s") % {"file": file}
    if file.is_ready:
        return _("What %(file)s brings") % {"file": file}
    if file.is_importing:
        return _("Bringing in %(file)s") % {"file": file}
    if file.is_undoing:
        return _("Taking back %(file)s") % {"file": file}
    return _("%(file)s is in") % {"file": file} if file.is_done else _("%(file)s is taken back") % {"file": file}


def _crumbs(file):
    home = reverse("admin:files", query={"edition": file.conference_id})
    start_url = reverse("admin:peoplefile-start", query={"edition": file.conference_id})
    return [(_("Files"), home), (_("Bring people in"), start_url)]


def _draw(request, name, title, context, *, status=200):
    everywhere = admin.site.each_context(request) | {"title": title}
    return TemplateResponse(request, f"organisers/people_import/{name}.html", everywhere | context, status=status)
