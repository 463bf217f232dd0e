"""Pages on which an organiser says that two sign-ups are one person's, and takes that back."""

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from conference.raw_input import whole_number
from conference.scripts import labelled
from conference.workplace.own_clock import own_words
from conference.workplace.pages import require_right
from registration.addresses import key_of_name
from registration.models import Merge, Registrant, Registration
from registration.models.merges import UNDO_FOR
from registration.services import merges
from registration.services.errors import (
    AlreadySignedUp,
    MoreMails,
    NewsWaits,
    NotConfirmed,
    NotTwice,
    TooLateToUndo,
)
from registration.status import BEST_FIRST, Status

from .actions import EVERYWHERE

MOST_FOUND = 20


class SamePersonAction:
    """The way to these pages, for the ModelAdmin of people: from two that are ticked, or from one's page."""

    @admin.action(
        description=gettext_lazy("This is the same person as…"),
        description_plural=gettext_lazy("The two ticked are one person…"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def same_person(self, request, queryset):
        """Lead to the page that looks for the other one, or that shows what follows."""
        people = list(queryset[:3])
        if len(people) == 1:
            return HttpResponseRedirect(reverse("admin:registration_registrant_same", args=[people[0].pk]))
        if len(people) != 2 or people[0].conference_id != people[1].conference_id:
            words = _("Nothing was changed. Tick two people of the same conference.")
            self.message_user(request, words, messages.WARNING)
            return None
        kept, left = sorted(people, key=lambda person: (not person.is_verified, person.is_undeliverable, person.pk))
        return HttpResponseRedirect(_merge_url(kept, left))


def urls():
    """Return the addresses of these pages, below those of people."""
    closed = admin.site.admin_view
    managers_only = require_right("registration.change_registration")
    return [
        path("<int:pk>/same/", closed(managers_only(search)), name="registration_registrant_same"),
        path("<int:pk>/same/<int:other>/", closed(managers_only(merge)), name="registration_registrant_merge"),
        path("merges/<int:pk>/undo/", closed(managers_only(undo)), name="registration_merge_undo"),
    ]


def merges_of(person, now):
    """Return (address, words) of what can be undone at `now` of a person, for links on their page."""
    row = Merge.objects.into(person).first()
    if row is None or not row.can_be_undone(now):
        return []
    words = _("With the sign-up of %(name)s. Undo… (until %(time)s)")
    words %= {"name": row.facts["left"]["name"], "time": own_words(row.undo_until)}
    return [(reverse("admin:registration_merge_undo", args=[row.pk]), words)]


@require_safe
def search(request, pk):
    """Look for the other sign-up of a person: likely ones, or those with the words of `?q=`."""
    person = _person(pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    people = Registrant.objects.for_edition(person.conference_id).other_than(person).with_days()
    if words:
        people = people.matching(words)
    else:
        people = people.filter(Q(email_key=person.email_key) | Q(name_key=key_of_name(person.name)))
    found = [(one, _days_of(one)) for one in people.newest_first()[:MOST_FOUND]]
    context = {"person": person, "words": words, "found": found}
    return _draw(request, "same_person", _("%(name)s is the same person as…") % {"name": person.name}, person, context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk, other):
    """Show what follows, with the number of mails; on POST put the two together."""
    if request.method == "POST" and Registrant.objects.with_ids([pk, other]).count() < len({pk, other}):
        return _say_gone(
            request, pk, _("Nothing was done now: they are one person already, or one of them is deleted.")
        )
    kept, left, now = _person(pk), _person(other), timezone.now()
    if kept == left or kept.conference_id != left.conference_id:
        raise Http404
    try:
        if request.method == "POST":
            agreed = whole_number(request.POST.get("number")) or 0
            row, heard = merges.merge(kept, left, user=request.user, now=now, mails=agreed)
            return _say_merged(request, row, kept, left, heard)
        heard = merges.foresee(lambda: merges.merge(kept, left, user=request.user, now=now)[1])
    except NotConfirmed:
        words = _("Only %(name)s confirmed the address, so this sign-up has to stay.") % {"name": left.name}
        messages.info(request, words)
        return HttpResponseRedirect(_merge_url(left, kept))
    except MoreMails:
        return _ask_again(request)
    except NewsWaits:
        return _wait(request, kept)
    except NotTwice:
        raise Http404 from None
    context = {
        "kept": kept,
        "left": left,
        "days": _days_afterwards(kept, left),
        "sentences": [*_what_follows(kept, left), *_who_hears(heard), _undo_words(now)],
        "number": _number(heard),
        "button": _button(_("Yes, one person"), heard),
        "swap_url": _merge_url(left, kept) if kept.is_verified == left.is_verified else "",
        "back_url": reverse("admin:registration_registrant_same", args=[kept.pk]),
    }
    title = _("%(kept)s and %(left)s are one person") % {"kept": kept.name, "left": left.name}
    return _draw(request, "merge", title, kept, context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request, pk):
    """Show what follows, with the number of mails; on POST make two people again."""
    now = timezone.now()
    row = Merge.objects.with_id(pk).select_related("kept__conference").first()
    if row is None and request.method == "POST":
        return _say_gone(request, None, _("Nothing was done now: it was undone already, or can no longer be undone."))
    if row is None:
        raise Http404
    try:
        if request.method == "POST":
            agreed = whole_number(request.POST.get("number")) or 0
            left, heard = merges.take_apart(row, user=request.user, now=now, mails=agreed)
            words = _("%(kept)s and %(left)s are two people again.") % {"kept": row.kept.name, "left": left.name}
            messages.success(request, " ".join([words, *_who_hears(heard)]))
            return HttpResponseRedirect(reverse("admin:registration_registrant_change", args=[left.pk]))
        heard = merges.foresee(lambda: merges.take_apart(row, user=request.user, now=now)[1])
    except MoreMails:
        return _ask_again(request)
    except NewsWaits:
        return _wait(request, row.kept)
    except (TooLateToUndo, AlreadySignedUp):
        words = _("This can no longer be undone: a day has passed, or something has changed since.")
        messages.warning(request, words)
        return HttpResponseRedirect(reverse("admin:registration_registrant_change", args=[row.kept_id]))
    name = row.facts["left"]["name"]
    context = {
        "sentences": [
            _("%(name)s has the days from before again, with the old links.") % {"name": name},
            _("Days that %(name)s took since stay theirs.") % {"name": row.kept.name},
            _("Places that went to people on the waiting list stay theirs too."),
            *_who_hears(heard),
        ],
        "number": _number(heard),
        "button": _button(_("Yes, two people"), heard),
        "back_url": reverse("admin:registration_registrant_change", args=[row.kept_id]),
    }
    title = _("%(kept)s and %(left)s are two people after all") % {"kept": row.kept.name, "left": name}
    return _draw(request, "merge", title, row.kept, context)


def _say_merged(request, row, kept, left, heard):
    words = _("%(kept)s and %(left)s are one person now.") % {"kept": kept.name, "left": left.name}
    url = reverse("admin:registration_merge_undo", args=[row.pk])
    whole = " ".join([words, *_who_hears(heard), _undo_words(row.merged_at)])
    messages.success(request, format_html('{} <a href="{}">{}</a>', whole, url, _("Undo…")))
    return HttpResponseRedirect(reverse("admin:registration_registrant_change", args=[kept.pk]))


def _say_gone(request, pk, words):
    """Say why nothing was done, and lead to the person with the key `pk` if they are there, else to the list."""
    messages.warning(request, words)
    person = Registrant.objects.with_id(pk).first()
    if person is None:
        return HttpResponseRedirect(reverse("admin:registration_registrant_changelist"))
    return HttpResponseRedirect(reverse("admin:registration_registrant_change", args=[person.pk]))


def _ask_again(request):
    messages.warning(request, _("Something has just changed. Nothing was done: look at the new number of mails."))
    return HttpResponseRedirect(request.get_full_path())


def _wait(request, person):
    words = _("Nothing was done: news of a day still waits to be sent to them. Try again in ten minutes.")
    messages.warning(request, words)
    return HttpResponseRedirect(reverse("admin:registration_registrant_change", args=[person.pk]))


def _what_follows(kept, left):
    """Return sentences on what becomes of addresses, links, mails and needs."""
    names = {"kept": kept.name, "left": left.name, "old": left.email, "new": kept.email}
    yield _("%(kept)s stays, with their details. The days, mails and answers of %(left)s become theirs.") % names
    if kept.email_key == left.email_key:
        yield _("Both have the address %(new)s: old links lead to the page of %(kept)s.") % names
        return
    yield (
        _("Their address is %(new)s. Links in mails to %(old)s stop working, and calendars there lose the days.")
        % names
    )
    yield (
        _("If they told us from %(old)s what they need, their page does not show it until they write it again.") % names
    )


def _who_hears(heard):
    """Return a sentence with the number of mails and whom they reach."""
    number = _number(heard)
    if not number:
        return [_("No mail goes out.")]
    whom = ", ".join(f"{one.email} ({one.mails})" for one in heard)
    words = ngettext("%(n)d mail goes out, to %(whom)s.", "%(n)d mails go out, to %(whom)s.", number)
    return [
        words % {"n": number, "whom": whom},
        _("Mails to them wait for ten minutes. If you undo it until then, nobody hears of it."),
    ]


def _undo_words(now):
    return _("You can undo this until %(time)s.") % {"time": own_words(now + UNDO_FOR)}


def _number(heard):
    return sum(one.mails for one in heard)


def _button(words, heard):
    number = _number(heard)
    mails = ngettext("%(n)d mail", "%(n)d mails", number) % {"n": number} if number else _("no mail")
    return _("%(words)s: %(mails)s") % {"words": words, "mails": mails}


def _days_afterwards(kept, left):
    """Return (day, status of each, the better of the two) for each day that one of them is on."""
    rows = Registration.objects.live().filter(registrant__in=(kept, left)).with_people().order_by("day__number")
    found = {}
    for row in rows:
        found.setdefault(row.day, {})[row.registrant_id] = Status(row.status)
    return [
        (
            day,
            *(of[person.pk].label if person.pk in of else "" for person in (kept, left)),
            min(of.values(), key=BEST_FIRST.index).label,
        )
        for day, of in found.items()
    ]


def _days_of(person):
    rows = sorted((row for row in person.registrations.all() if row.is_live), key=lambda row: row.day.number)
    return ", ".join(labelled(row.day.label, row.get_status_display()) for row in rows) or _("no days")


def _merge_url(kept, left):
    return reverse("admin:registration_registrant_merge", args=[kept.pk, left.pk])


def _person(key):
    person = Registrant.objects.with_id(key).with_conference().first()
    if person is None:
        raise Http404
    return person


def _draw(request, name, title, person, context):
    request.current_app = admin.site.name
    crumbs = [
        (_("People"), reverse("admin:registration_registrant_changelist")),
        (person.name, reverse("admin:registration_registrant_change", args=[person.pk])),
    ]
    everywhere = admin.site.each_context(request) | {"title": title, "crumbs": crumbs}
    return TemplateResponse(request, f"organisers/{name}.html", everywhere | context)
