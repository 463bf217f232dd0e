"""The pages to reword automatic mails, sentence by sentence, with a preview and a way back."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.admin.base import PlainAdmin
from conference.raw_input import one_line
from registration.letters import wording
from registration.letters.previews import as_preview
from registration.letters.try_out import compose_sample, samples_of
from registration.models import LetterText, Registrant
from registration.models.letter_texts import all_words
from registration.services import wording as services

LONGEST = 1000


@admin.register(LetterText)
class LetterTextAdmin(PlainAdmin):
    """One letter, or a part of all letters. The site decides which exist; pages are ours, permissions Django's."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(letters), name="registration_lettertext_changelist"),
            path("<slug:name>/", view(letter), name="registration_lettertext_change"),
            path("<slug:name>/original/", view(original), name="lettertext-original"),
            path("<slug:name>/try/", view(try_out), name="lettertext-try"),
        ]


def letters(request):
    """List all letters, and say which have words of the organisers' own."""
    _check_rights(request)
    changed = {name for name, words in all_words().items() if any(words.values())}
    lists = [
        (_("Mails"), [(name, words, name in changed) for name, words in wording.LETTERS.items()]),
        (_("Parts of every mail"), [(name, words, name in changed) for name, words in wording.PARTS.items()]),
    ]
    return _draw(request, "letters", _("Words of automatic mails"), {"lists": lists})


def letter(request, name):
    """Show a letter's sentences and what they become; on POST save them."""
    _check_letter(request, name)
    language = request.POST.get("language") or request.GET.get("language")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    sentences = wording.sentences_of(name)
    own = all_words().get(name, {}).get(language, {})
    seen, faults = services.fingerprint_of(own), {}
    if request.method == "POST":
        typed = {
            sentence.key: one_line(request.POST[f"sentence-{number}"])[:LONGEST]
            for number, sentence in enumerate(sentences)
            if f"sentence-{number}" in request.POST
        }
        try:
            _set_words(request, name, language, typed)
        except services.ChangedMeanwhile as change:
            seen, faults = services.fingerprint_of(change.own), _written_meanwhile(change.own, typed)
        except services.DoesNotFit as error:
            faults = error.faults
        own = own | typed
        if not faults:
            messages.success(request, _("Saved. Mails sent from now on will use these words."))
            return HttpResponseRedirect(_address(name, language))
    context = {
        "name": name,
        "language": language,
        "languages": settings.LANGUAGES if len(settings.LANGUAGES) > 1 else [],
        "rows": [
            (f"sentence-{number}", one, one.shown(language), own.get(one.key, ""), faults.get(one.key))
            for number, one in enumerate(sentences)
        ],
        "seen": seen,
        "fault": faults.get(""),
        "has_faults": bool(faults),
        **_preview(request, name, language),
    }
    return _draw(request, "letter", str(services.label_of(name)), context, status=422 if faults else 200)


def _set_words(request, name, language, words):
    seen = request.POST.get("seen")
    services.set_words(name, language=language, words=words, user=request.user, now=timezone.now(), seen=seen)


def _written_meanwhile(own, typed):
    """Return the faults of a form whose words someone else changed in the meantime: theirs next to what was typed."""
    theirs = {key: own.get(key) or _("the original words") for key, text in typed.items() if text != own.get(key, "")}
    words = _("Someone else changed these words in the meantime. Nothing is saved yet. Save again to use yours.")
    return {key: _("It is now: %(words)s") % {"words": text} for key, text in theirs.items()} | {"": words}


@require_POST
def original(request, name):
    """Bring our words of a letter back, in one language, unless there are others than the organiser saw."""
    _check_letter(request, name)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    nothing = {sentence.key: "" for sentence in wording.sentences_of(name)}
    try:
        _set_words(request, name, language, nothing)
        messages.success(request, _("The original words are back."))
    except services.ChangedMeanwhile:
        words = _("Someone else changed these words in the meantime. Read them, then press the button again.")
        messages.warning(request, words)
    return HttpResponseRedirect(_address(name, language))


@require_POST
def try_out(request, name):
    """Send the organiser the letter with invented data."""
    _check_letter(request, name)
    language, sample = request.POST.get("language", ""), request.POST.get("sample", "")
    if language not in dict(settings.LANGUAGES) or sample not in samples_of(name, language):
        raise Http404
    if request.user.email:
        services.send_test(sample, language=language, user=request.user, now=timezone.now())
        messages.success(request, _("It is on its way to %(email)s.") % {"email": request.user.email})
    else:
        messages.warning(request, _("Your account has no email address to send it to."))
    return HttpResponseRedirect(_address(name, language, sample=sample))


def _preview(request, name, language):
    states = samples_of(name, language)
    chosen = request.GET.get("sample") if request.GET.get("sample") in states else states[0]
    with wording.use_words(all_words()):
        message, reader = compose_sample(chosen, language)
    preview = as_preview(message, Registrant(name=reader, language=language))
    return {"states": states, "sample": chosen, "preview": preview, "as_text": "text" in request.GET}


def _address(name, language, **query):
    query = {"language": language, **query}
    return reverse("admin:registration_lettertext_change", args=[name], query=query, fragment="read")


def _check_rights(request):
    if not request.user.has_perm("registration.change_lettertext"):
        raise PermissionDenied


def _check_letter(request, name):
    _check_rights(request)
    if name not in wording.LETTERS and name not in wording.PARTS:
        raise Http404


def _draw(request, template, title, context, *, status=200):
    request.current_app = admin.site.name
    way = [(_("Words of automatic mails"), reverse("admin:registration_lettertext_changelist"))]
    everywhere = admin.site.each_context(request) | {"title": title, "crumbs": way}
    return TemplateResponse(request, f"organisers/mail_words/{template}.html", everywhere | context, status=status)
