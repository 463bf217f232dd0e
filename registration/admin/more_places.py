"""More places on a day, for organisers: who gets one of them, what they read, and what is said once it is done."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.admin.asking import Hearers
from registration.letters.previews import preview_place
from registration.services.broadcasts.reach import SAMPLE, most_different
from registration.services.day_changes import TELL_AFTER
from registration.services.places import with_place

from .actions import say_what_waits
from .hearing import names_of


def hearers_of_places(request, rows, day, now):
    """Return the Hearers of registrations that move up on a day as it will be; for some organisers without names."""
    if not rows:
        return Hearers(0)
    number = len(rows)
    words = ngettext(
        "%(n)d person on the waiting list gets a place, and a mail with it.",
        "%(n)d people on the waiting list get a place, and a mail with it.",
        number,
    )
    sentences, keys = [words % {"n": number}], [row.pk for row in rows]
    if number > 1:
        sentences.append(_("The mails leave after ten minutes. Until then you can take it back."))
    if not request.user.has_perm("registration.view_registrant"):
        return Hearers(number, sentences, keys)
    names = [row.registrant.name for row in rows]
    (few,) = names_of(names)
    by_person = {row.registrant: row for row in rows[:SAMPLE]}
    for row in by_person.values():
        row.day = day
    letters = [preview_place(with_place(by_person[person]), now=now) for person in most_different(list(by_person))]
    return Hearers(number, sentences, keys, few=few, all=names if len(names) > 5 else [], letters=letters)


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
