"""Step 3: look once more, try it on oneself, and send it now or later."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.raw_input import whole_number
from conference.workplace.own_clock import own_zone, own_zone_words
from registration.services import broadcasts

from .common import draw, home_of, redirect_to, require_writer, say_too_late
from .describing import people_words, whom_words
from .forms import WhenForm
from .words import previews_of

LONGEST_WHEN = 40  # characters of a date or a time in an address


@require_writer
def send(request, broadcast):
    """Ask once, with the number; on POST send a test to oneself, or let it leave."""
    if not broadcast.is_draft:
        return home_of(broadcast)
    now = timezone.now()
    form = WhenForm(request.POST or None, zone=own_zone(), now=now, initial=_when_in(request.GET))
    if request.method == "POST" and "test" in request.POST:
        return _test(request, broadcast, now)
    if request.method == "POST" and "send" in request.POST and form.is_valid():
        return _send(request, broadcast, form, now)
    return _page(request, broadcast, form, now, status=422 if request.method == "POST" else 200)


def _test(request, broadcast, now):
    readers = broadcasts.reach_of(broadcast).readers()
    if not readers:
        messages.warning(request, _("No test was sent: nobody is left to write to."))
    elif request.user.email:
        broadcasts.send_test(broadcast, readers, user=request.user, now=now)
        messages.success(request, _("The tests are on their way to %(email)s.") % {"email": request.user.email})
    else:
        messages.warning(request, _("Your account has no email address to send a test to."))
    return redirect_to("broadcast-send", broadcast, query=_when_in(request.POST))


def _when_in(typed):
    """Return what was typed of when it leaves: a test to oneself, before it, keeps that."""
    return {name: typed[name][:LONGEST_WHEN] for name in ("when", "date", "time") if typed.get(name)}


def _send(request, broadcast, form, now):
    try:
        broadcasts.schedule(
            broadcast,
            user=request.user,
            agreed=whole_number(request.POST.get("number")) or 0,
            seen=request.POST.get("seen", ""),
            leaves_at=form.leaves_at,
            now=now,
        )
    except broadcasts.NotADraft:
        return say_too_late(request, broadcast)
    except broadcasts.ChangedMeanwhile:
        broadcast.refresh_from_db()
        words = _("Someone else changed this message in the meantime. Nothing was sent. Please check again.")
        messages.warning(request, words)
        return _page(request, broadcast, form, now, status=409)
    except broadcasts.MorePeople as more:
        words = _("It is now %(people)s. Nothing was sent. Please check again.") % {"people": people_words(more.number)}
        messages.warning(request, words)
        return _page(request, broadcast, form, now, status=409)
    except broadcasts.NotReady:
        messages.error(request, _("Nothing was sent. Something must be fixed first."))
        return _page(request, broadcast, form, now, status=422)
    return redirect_to("registration_broadcast_change", broadcast)


def _page(request, broadcast, form, now, *, status):
    reach = broadcasts.reach_of(broadcast)
    findings = broadcasts.check(broadcast, reach, now=now)
    people = people_words(reach.number)
    question = _("Ask %(people)s to confirm?") if broadcast.asks_to_confirm else _("Send this to %(people)s?")
    button = _("Ask %(people)s") if broadcast.asks_to_confirm else _("Send to %(people)s")
    context = {
        "broadcast": broadcast,
        "form": form,
        "reach": reach,
        "sentence": whom_words(broadcast, reach.number),
        "button": button % {"people": people},
        "findings": findings,
        "is_ready": not any(finding.is_in_the_way for finding in findings),
        "zone_words": own_zone_words(),
        "minutes": broadcasts.minutes_for(reach.number),
        "tested_before_change": broadcast.tested_at and broadcast.tested_at < broadcast.changed_at,
        **previews_of(request, broadcast, reach, now=now),
    }
    return draw(request, "send", question % {"people": people}, context, status=status)
