"""The page that counts: the minute to take a message back, its progress, and how it went."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conference.workplace.own_clock import own_words
from registration.models import OutboxMessage
from registration.models.broadcasts import NEVER_QUEUED
from registration.services import broadcasts
from registration.status import MailState

from .common import draw, home_of, redirect_to, require_writer, say_too_late
from .describing import name_of_author, people_words, whom_words

PER_PAGE = 100
STATES = {
    "sent": MailState.SENT,
    "refused": MailState.DEAD,
    "waiting": MailState.QUEUED,
    "stopped": MailState.WITHDRAWN,
}


@require_writer
def progress(request, broadcast):
    """Show the progress of a message. It changes nothing, and counts again each time."""
    if broadcast.is_draft:
        return home_of(broadcast)
    now = timezone.now()
    numbers = broadcasts.progress_of(broadcast, now=now)
    figures = [
        (_("sent"), "sent", numbers.sent),
        (_("refused"), "refused", numbers.refused),
        (_("still waiting"), "waiting", numbers.waiting),
        (_("not sent"), "stopped", numbers.taken_back),
    ]
    context = {
        "broadcast": broadcast,
        "numbers": numbers,
        "figures": [figure for figure in figures if figure[2] or figure[1] in ("sent", "refused")],
        "trouble": [] if broadcast.is_waiting else broadcasts.trouble_of(broadcast),
        "author": name_of_author(broadcast),
        "sentence": whom_words(broadcast, numbers.total),
        "leaves": own_words(broadcast.leaves_at),
        "as_it_was": own_words(now),
        "is_moving": broadcast.is_waiting or broadcast.is_leaving,
        "words": [(broadcasts.name_of(code), broadcast.words_in(code)) for code in broadcast.languages],
    }
    return draw(request, "progress", _headline(broadcast, numbers), context)


def _headline(broadcast, numbers):
    values = {"left": numbers.done, "total": numbers.total, "leaves": own_words(broadcast.leaves_at)}
    if broadcast.is_waiting:
        words = ngettext(
            "%(total)d mail will be sent on %(leaves)s", "%(total)d mails will be sent on %(leaves)s", numbers.total
        )
        return words % values
    if broadcast.is_stopped:
        return _("Stopped: %(left)d of %(total)d were sent") % values
    if broadcast.is_done and numbers.done == numbers.total:
        return ngettext("The mail was sent", "All %(total)d mails were sent", numbers.total) % values
    return _("%(left)d of %(total)d sent") % values


@require_writer
def people(request, broadcast):
    """List the people whose mail of this message is in one state, on request."""
    state = request.GET.get("state") if request.GET.get("state") in STATES else "sent"
    mails = OutboxMessage.objects.for_broadcast(broadcast).in_state(STATES[state]).with_people().order_by("pk")
    page = Paginator(mails, PER_PAGE).get_page(request.GET.get("p"))
    never_queued = broadcast.counts.get(NEVER_QUEUED, 0) if state == "stopped" else 0
    context = {"page": page, "query": f"state={state}", "broadcast": broadcast, "never_queued": never_queued}
    titles = {"sent": _("Sent"), "refused": _("Refused"), "waiting": _("Still waiting"), "stopped": _("Not sent")}
    return draw(request, "reached", f"{titles[state]}: {people_words(page.paginator.count + never_queued)}", context)


@require_POST
@require_writer
def take_back(request, broadcast):
    """Make it a draft again."""
    try:
        broadcasts.take_back(broadcast, user=request.user, now=timezone.now())
    except broadcasts.NotADraft:
        return say_too_late(request, broadcast)
    messages.success(request, _("Taken back. Nothing was sent, and your message is a draft again."))
    return redirect_to("broadcast-send", broadcast)


@require_writer
def stop(request, broadcast):
    """Ask once, with the number; on POST stop what has not left."""
    now = timezone.now()
    if request.method == "POST":
        try:
            number = broadcasts.stop(broadcast, user=request.user, now=now)
        except broadcasts.NotADraft:
            return say_too_late(request, broadcast)
        words = ngettext("Stopped. %(n)d mail will not be sent.", "Stopped. %(n)d mails will not be sent.", number)
        messages.success(request, words % {"n": number})
        return redirect_to("registration_broadcast_change", broadcast)
    if not broadcast.is_leaving:
        return home_of(broadcast)
    numbers = broadcasts.progress_of(broadcast, now=now)
    words = ngettext("Stop the last mail?", "Stop the other %(n)d mails?", numbers.waiting) % {"n": numbers.waiting}
    return draw(request, "stop", words, {"broadcast": broadcast, "numbers": numbers})
