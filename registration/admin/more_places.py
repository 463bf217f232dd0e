"""More places on a day, for organisers: who gets one of them, what they read, and what is said once it is done."""

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.admin.asking import MailQuestion
from registration.letters.previews import preview_place
from registration.services.broadcasts.reach import SAMPLE, most_different
from registration.services.day_changes import TELL_AFTER
from registration.services.places import copy_with_place
from registration.status import Status

from .actions import say_what_waits
from .recipients import readers_of


def question_of_places(request, rows, day, now):
    """Return the MailQuestion about registrations that move up on a day as it will be."""
    if not rows:
        return MailQuestion(0)
    number = len(rows)
    words = ngettext(
        "%(n)d person on the waiting list gets a place, and a mail with it.",
        "%(n)d people on the waiting list get a place, and a mail with it.",
        number,
    )
    sentences, keys = [words % {"n": number}], [row.pk for row in rows]
    if number > 1:
        sentences.append(_("The mails are sent after ten minutes. Until then you can take it back."))
    if not request.user.has_perm("registration.view_registrant"):
        return MailQuestion(number, sentences, keys)
    by_person = {row.registrant: row for row in rows[:SAMPLE]}
    for row in by_person.values():
        row.day = day
    letters = [
        [preview_place(copy_with_place(by_person[person]), now=now)] for person in most_different(list(by_person))
    ]
    query = {"day": day.pk, "status__exact": Status.WAITLISTED}
    url = reverse("admin:registration_registration_changelist", query=query)
    return MailQuestion(number, sentences, keys, readers_of(list(by_person), number, letters, url))


def say_who_moves_up(model_admin, request, people):
    """Say how many people move up from a waiting list, and until when that can be taken back."""
    if not people:
        return
    words = ngettext(
        "%(n)d person moves up from the waiting list.", "%(n)d people move up from the waiting list.", people
    )
    model_admin.message_user(request, words % {"n": people}, messages.SUCCESS)
    if people > 1:
        say_what_waits(model_admin, request, timezone.now() + TELL_AFTER)
