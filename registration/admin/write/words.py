"""Step 2: the words, in each language, with what three real readers will see."""

from django.conf import settings
from django.contrib import messages
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from conference.raw_input import whole_number
from registration.letters.previews import preview_broadcast
from registration.models import Broadcast
from registration.services import broadcasts

from .common import draw, home_of, redirect_to, require_writer, say_gone
from .describing import whom_words
from .forms import WordsForm


@require_writer
def words(request, broadcast):
    """Show the words and the letter as three people read it; on POST save them, and show it or go on."""
    is_sent = request.method == "POST" and not broadcast.asks_to_confirm
    if not broadcast.is_draft and not is_sent:
        return home_of(broadcast)
    if is_sent:
        form = WordsForm(request.POST)
        if form.is_valid():
            return _keep(request, broadcast, form)
        return _page(request, broadcast, form, status=422)
    language = request.GET.get("language")
    if language not in dict(settings.LANGUAGES):
        language = broadcast.fallback
    form = WordsForm(initial=_as_saved(broadcast, language))
    return _page(request, broadcast, form)


def _keep(request, broadcast, form):
    language = form.cleaned_data["language"]
    written = {name: form.cleaned_data[name].strip() for name in ("subject", "body")}
    try:
        broadcasts.write(
            broadcast, language=language, words=written, seen=form.cleaned_data["seen"], now=timezone.now()
        )
    except broadcasts.NotADraft:
        return _keep_apart(request, broadcast, language, written)
    except broadcasts.ChangedMeanwhile:
        broadcast.refresh_from_db()
        others = broadcast.words_in(language)
        form.data = form.data.copy()
        form.data["seen"] = broadcast.changed_at.isoformat()
        return _page(request, broadcast, form, others=others, status=409)
    if "next" in request.POST:
        return redirect_to("broadcast-send", broadcast)
    messages.success(request, _("Saved as a draft."))
    return redirect_to("broadcast-words", broadcast, query={"language": language}, fragment="read")


def _keep_apart(request, broadcast, language, written):
    """Keep words for a message that someone else has sent meanwhile: in a new draft, unless they were sent too."""
    current = Broadcast.objects.only_row(broadcast).first()
    if current is None or written == current.words_in(language):
        return home_of(current) if current else say_gone(request)
    now = timezone.now()
    draft = broadcasts.copy(broadcast, user=request.user, now=now)
    broadcasts.write(draft, language=language, words=written, now=now)
    words = _("Someone else sent this message in the meantime, without your words. They are here, in a new draft.")
    messages.warning(request, words)
    return redirect_to("broadcast-words", draft, query={"language": language})


def _as_saved(broadcast, language):
    return broadcast.words_in(language) | {"language": language, "seen": broadcast.changed_at.isoformat()}


def _page(request, broadcast, form, *, others=None, status=200):
    now = timezone.now()
    reach = broadcasts.reach_of(broadcast)
    language = form["language"].value()
    context = {
        "broadcast": broadcast,
        "form": form,
        "others": others,
        "language": language,
        "tabs": _tabs(broadcast, reach),
        "sentence": whom_words(broadcast, reach.number),
        "findings": broadcasts.check(broadcast, reach, now=now),
        **previews_of(request, broadcast, reach, now=now),
    }
    if request.method == "GET" and broadcast.languages:
        context["links"] = broadcasts.check_links(broadcast)
    title = _("What they will read") if broadcast.asks_to_confirm else _("What do you want to say?")
    return draw(request, "words", title, context, status=status)


def previews_of(request, broadcast, reach, *, now):
    """Return what the part "As three of them read it" needs: the readers, and the letter of the one chosen."""
    readers = reach.readers() if broadcast.languages or broadcast.asks_to_confirm else []
    asked = whole_number(request.GET.get("reader")) or 0
    chosen = asked if asked < len(readers) else 0
    as_text = "text" in request.GET
    kept = {"language": request.GET["language"]} if request.GET.get("language") else {}
    shown = kept | ({"text": 1} if as_text else {})
    tabs = [
        (_label_of(person), urlencode({"reader": number} | shown), number == chosen)
        for number, person in enumerate(readers)
    ]
    return {
        "readers": tabs,
        "other_query": urlencode({"reader": chosen} | kept | ({} if as_text else {"text": 1})),
        "preview": preview_broadcast(broadcast, readers[chosen], now=now) if readers else None,
        "as_text": as_text,
    }


def _label_of(person):
    return ", ".join(filter(None, (person.reader, person.place)))


def _tabs(broadcast, reach):
    """Return (language, its name, how many read it, whether words are missing) for each that people chose."""
    numbers = reach.by_language()
    written = broadcast.languages
    tabs = [
        (code, broadcasts.name_of(code), numbers.get(code, 0), code not in written)
        for code, _name in settings.LANGUAGES
        if code in numbers or code in written or code == broadcast.fallback
    ]
    return tabs if len(tabs) > 1 else []
