"""Adding a person who wrote or phoned: the page first asks, with the mails and who gets them."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.admin.asking import Fault, MailQuestion, NotSaved
from conference.scripts import list_words
from registration.letters.previews import preview_sign_up
from registration.models import OutboxMessage, Registrant, Registration
from registration.pages.availability import availability_of
from registration.services.by_hand import add_by_organiser, invite_by_organiser
from registration.services.errors import RegistrationClosed

from .person_add_form import AddPersonForm
from .recipients import Readers


@dataclass(frozen=True)
class Added:
    """A person as the form would add them: their new days, and the mails to them."""

    person: Registrant
    rows: list[Registration]
    mails: list[OutboxMessage]


class AddsPerson:
    """Mixed into the admin of people, before `AsksFirst`."""

    add_fieldsets = [
        (
            None,
            {
                "fields": ["name", "email", "days", "confirmed_by", "country", "time_zone"],
                "description": gettext_lazy(
                    "For a person who wrote or phoned. Before anything is sent, the page says which mails they get."
                ),
            },
        )
    ]

    def has_add_permission(self, request):
        """Whether this organiser may add a person who wrote or phoned: yes with the right to act on places."""
        return self.has_manage_permission(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form to correct a person, or the one to add a person."""
        if not change:
            kwargs |= {"form": AddPersonForm, "fields": AddPersonForm.Meta.fields}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, person=None):
        return self.add_fieldsets if person is None else super().get_fieldsets(request, person)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save one person. The button that adds one asks first, and says so."""
        context = {}
        if object_id is None:
            others = dict.fromkeys(("show_save_and_add_another", "show_save_and_continue"), False)
            context = {"writes_to_people": True, "save_words": _("Add person…")} | others
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def add_person(self, request, obj, form):
        """Add a person, and say which places and mails they get."""
        days, newest = form.cleaned_data["days"], OutboxMessage.objects.newest_key()
        add = add_by_organiser if form.is_vouched_for else invite_by_organiser
        try:
            person, rows = add(days[0].conference, person=form.person(), days=days, now=timezone.now())
        except RegistrationClosed:
            words = _("Nothing was saved: one of these days has just ended or was called off.")
            raise NotSaved([Fault(words)]) from None
        obj.pk, obj.name = person.pk, person.name  # for the admin's own message and history
        mails = list(OutboxMessage.objects.after(newest).for_person(person).queued().order_by("pk"))
        request.added = Added(person, rows, mails)
        parts = [_("%(day)s: %(status)s") % {"day": row.day.label, "status": row.get_status_display()} for row in rows]
        words = ", ".join(parts) or _("They were already on all these days")
        level = messages.SUCCESS if rows else messages.WARNING
        self.message_user(request, f"{words}. {_mail_words(len(mails))}", level)

    def log_addition(self, request, obj, message):
        """Log that a person was added, unless they were on all these days already."""
        return super().log_addition(request, obj, message) if request.added.rows else None

    def response_add(self, request, obj, post_url_continue=None):
        """Say that the person was added; if nothing changed, go to the person who is there already."""
        if request.added.rows:
            return super().response_add(request, obj, post_url_continue)
        return redirect("admin:registration_registrant_change", obj.pk)

    def mail_question(self, request, before, after, now):
        """Return who gets how many mails because they are added."""
        added = getattr(request, "added", None)
        if added is None or not added.mails:
            return super().mail_question(request, before, after, now)
        number, heading = len(added.mails), {"name": added.person.name, "n": len(added.mails)}
        kinds = Counter(str(mail.get_kind_display()) for mail in added.mails)
        kinds = list_words([f"{times} × {kind}" if times > 1 else kind for kind, times in kinds.items()])
        mails = ngettext("%(email)s gets %(n)d mail: %(kinds)s.", "%(email)s gets %(n)d mails: %(kinds)s.", number) % {
            "email": added.person.email,
            "n": number,
            "kinds": kinds,
        }
        about = added.rows or list(Registration.objects.for_person(added.person).pending().with_people())
        return MailQuestion(
            number,
            [*_known_words(added), *_day_words(added.rows), mails],
            readers=Readers(letters=[[preview_sign_up(added.person, about, now=now)]]),
            heading=ngettext(
                "Nothing is saved yet. Add %(name)s, and send %(n)d mail?",
                "Nothing is saved yet. Add %(name)s, and send %(n)d mails?",
                number,
            )
            % heading,
            button=ngettext("Add and send %(n)d mail", "Add and send %(n)d mails", number) % {"n": number},
        )


def _mail_words(number):
    if not number:
        return _("No mail is queued.")
    return ngettext("%(n)d mail is queued.", "%(n)d mails are queued.", number) % {"n": number}


def _known_words(added):
    """Say that the person is here already, if they are."""
    made = {row.pk for row in added.rows}
    if not Registration.objects.for_person(added.person).exclude(pk__in=made).exists():
        return []
    return [_("%(name)s is here already, with this address.") % {"name": added.person.name}]


def _day_words(rows):
    """Return a sentence on each new day of a person: a place, the waiting list, or what follows once they confirm."""
    found = availability_of([row.day for row in rows])
    return [_one_day_words(row, found.get(row.day_id)) for row in rows]


def _one_day_words(row, found):
    words = {"day": row.day.label}
    if row.is_confirmed:
        return _("%(day)s: they get a place.") % words
    if row.is_waitlisted:
        words["n"] = found.waiting
        return _("%(day)s is full: they go on its waiting list, as number %(n)d.") % words
    if found is not None and not found.free:
        return _("%(day)s is full: they go on its waiting list once they confirm by mail.") % words
    return _("%(day)s: they get a place once they confirm by mail, if there is one by then.") % words
