"""Past messages with their people, dates and results; and drafts to continue."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.workplace.own_clock import own_words
from registration.services import broadcasts

from .common import draw, find_visible, redirect_to, require_writer, say_too_late
from .describing import how_it_went, name_of_author, whom_words

PER_PAGE = 25


@require_writer
def messages_page(request):
    """List drafts first, then messages, the newest first."""
    now = timezone.now()
    rows = find_visible(request.user)
    page = Paginator(rows.past().newest_first(), PER_PAGE).get_page(request.GET.get("p"))
    sent = []
    for broadcast in page:
        numbers = broadcasts.progress_of(broadcast, now=now)
        when = ", ".join(filter(None, (own_words(broadcast.leaves_at), name_of_author(broadcast))))
        sent.append((broadcast, whom_words(broadcast, numbers.total), when, how_it_went(broadcast, numbers)))
    context = {"drafts": list(rows.drafts().newest_first()[:PER_PAGE]), "sent": sent, "page": page}
    return draw(request, "messages", _("Messages to people"), context)


@require_POST
@require_writer
def copy(request, broadcast):
    """Begin a draft with the same people and words."""
    draft = broadcasts.copy(broadcast, user=request.user, now=timezone.now())
    messages.success(request, _("This is a new draft with the same people and words."))
    return redirect_to("broadcast-words", draft)


@require_POST
@require_writer
def drop(request, broadcast):
    """Throw a draft away, unless someone else has changed it since."""
    try:
        broadcasts.drop(broadcast, user=request.user, seen=request.POST.get("seen", ""))
    except broadcasts.NotADraft:
        return say_too_late(request, broadcast)
    except broadcasts.ChangedMeanwhile:
        words = _("Someone else changed this message in the meantime. Read it, then press the button again.")
        messages.warning(request, words)
        return redirect_to("broadcast-words", broadcast)
    messages.success(request, _("The draft is gone."))
    return HttpResponseRedirect(reverse("admin:registration_broadcast_changelist"))
