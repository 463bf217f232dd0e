"""A person's own page: their days, and a button for each thing they can do. Reached by a link from their mails."""

from dataclasses import replace
from functools import partial

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Day, are_over
from conference.scripts import isolated
from conference.site.kept_facts import days_of
from registration import links
from registration.models import AccessRequest, OutboxMessage, Registration
from registration.pages.done import describe_done
from registration.pages.my_days import days_on_page, loss_words
from registration.pages.next_day import next_day, nothing_to_come
from registration.services import days as day_service
from registration.services import person as person_service
from registration.services.errors import AlreadyOnDay, RegistrationClosed
from registration.services.reminders import set_reminders

from .decorators import of_person, personal


@personal(of_person("my"))
def my(request, registrant):
    """Show the page, or do what a button on it says. `action` names it, `day` the day it is about."""
    if request.method != "POST":
        return ask_before_dropping(request, registrant) if "leave" in request.GET else render_page(request, registrant)
    act = ACTIONS.get(request.POST.get("action"))
    if act is None:
        return render_page(request, registrant, status=422)
    return act(request, registrant)


def drop(request, registrant):
    """Cancel a day. If the person could not get it back, ask first, on a page of its own."""
    day = find_day(request.POST.get("day"), registrant)
    item = next(item for item in days_on_page(registrant, now=request.edition.now) if item.day == day)
    if item.can_drop and item.is_final and "sure" not in request.POST:
        return redirect(f"{my_page(registrant)}?leave={day.number}")
    for registration in Registration.objects.for_person(registrant).for_day(day).live():
        day_service.cancel(registration, now=request.edition.now)
    return redirect_to_my_page(registrant, "dropped", day)


def add(request, registrant):
    """Put the person on a day."""
    day = find_day(request.POST.get("day"), registrant)
    try:
        registration = day_service.add_day(registrant, day, now=request.edition.now)
    except RegistrationClosed:
        return redirect_to_my_page(registrant, "closed", day)
    except AlreadyOnDay:
        return redirect_to_my_page(registrant, "added", day)
    return redirect_to_my_page(registrant, "waiting" if registration.is_waitlisted else "added", day)


def confirm(request, registrant):
    """Let the Access team read needs that were sent with the form after the address was confirmed.

    Days that were asked for with them have buttons of their own: who sent that form may not be this person.
    """
    day_service.confirm(registrant, days=(), now=request.edition.now)
    return redirect_to_my_page(registrant, "needs")


def send_again(request, registrant):
    """Send the confirmation and the invites once more."""
    count = day_service.send_again(registrant, now=request.edition.now)
    return redirect_to_my_page(registrant, "sent" if count else "nothing")


def calendar_mails_off(request, registrant):
    """Turn calendar invites off."""
    person_service.set_calendar_mails(registrant, wanted=False)
    return redirect_to_my_page(registrant, "calendar-mails-off")


def calendar_mails_on(request, registrant):
    """Turn calendar invites on. Those that were missed are not sent."""
    person_service.set_calendar_mails(registrant, wanted=True)
    return redirect_to_my_page(registrant, "calendar-mails-on")


def reminders_off(request, registrant):
    """Turn reminders off."""
    set_reminders(registrant, wanted=False, now=request.edition.now)
    return redirect_to_my_page(registrant, "reminders-off")


def reminders_on(request, registrant):
    """Turn reminders on."""
    set_reminders(registrant, wanted=True, now=request.edition.now)
    return redirect_to_my_page(registrant, "reminders-on")


def neutral_titles_on(request, registrant):
    """Let calendar entries name no subject."""
    person_service.set_neutral_titles(registrant, wanted=True, now=request.edition.now)
    return redirect_to_my_page(registrant, "neutral-titles-on")


def neutral_titles_off(request, registrant):
    """Let calendar entries name the subject again."""
    person_service.set_neutral_titles(registrant, wanted=False, now=request.edition.now)
    return redirect_to_my_page(registrant, "neutral-titles-off")


def change_language(language, request, registrant):
    """Write to the person in a language of the site, and show them their pages in it."""
    person_service.set_language(registrant, code=language)
    return redirect_to_my_page(registrant, "language")


ACTIONS = {
    "drop": drop,
    "add": add,
    "confirm": confirm,
    "send-again": send_again,
    "calendar-mails-off": calendar_mails_off,
    "calendar-mails-on": calendar_mails_on,
    "reminders-off": reminders_off,
    "reminders-on": reminders_on,
    "neutral-titles-on": neutral_titles_on,
    "neutral-titles-off": neutral_titles_off,
} | {f"language-{code}": partial(change_language, code) for code, _name in settings.LANGUAGES}


def render_page(request, registrant, *, status=200):
    """Return the person's page."""
    now = request.edition.now
    days = days_on_page(registrant, now=now, days=days_of(request, registrant.conference))
    next_one = next_day(days, now)
    context = {
        "registrant": registrant,
        "heading": heading_of(registrant),
        "switches": switches_of(registrant),
        "spoken": settings.LANGUAGES,
        "token": links.token("my", registrant),
        "days": days,
        "next": next_one,
        "is_over": are_over([item.day for item in days], now),
        "nothing": nothing_to_come(days, about=registrant.carer_name and isolated(registrant.name)),
        "done": read_done(request, registrant, days, next_one),
        "has_needs": AccessRequest.objects.for_person(registrant).unconfirmed().exists(),
        "places": [item for item in days if item.can_join],
    }
    return TemplateResponse(request, "registration/my.html", context, status=status)


def heading_of(registrant):
    """Return the title of the page: for a carer it has the person's name."""
    return _("%(name)s’s days") % {"name": isolated(registrant.name)} if registrant.carer_name else _("My days")


def switches_of(registrant):
    """Return (action, words) of each switch, the way it can be turned now."""
    return [
        ("reminders-off", _("Stop reminders")) if registrant.reminders else ("reminders-on", _("Send reminders")),
        ("calendar-mails-off", _("Stop calendar invites"))
        if registrant.calendar_mails
        else ("calendar-mails-on", _("Send calendar invites")),
        ("neutral-titles-off", _("Show the topic in my calendar"))
        if registrant.neutral_titles
        else ("neutral-titles-on", _("Hide the topic in my calendar")),
    ]


def ask_before_dropping(request, registrant):
    """Return the page that asks, once, before a person drops what they may not get back."""
    day = find_day(request.GET["leave"], registrant)
    item = next(item for item in days_on_page(registrant, now=request.edition.now) if item.day == day)
    if not item.can_drop or not item.is_final:  # nothing to ask (any more): the button on the page drops it
        return redirect(my_page(registrant))
    words = {"day": day.within, "name": isolated(registrant.name)}
    heading = _("Cancel %(day)s for %(name)s?") if registrant.must_be_named else _("Cancel %(day)s?")
    context = {
        "registrant": registrant,
        "item": item,
        "heading": heading % words,
        "loss": loss_words(item, words["name"] if registrant.carer_name else ""),
        "my_url": my_page(registrant),
    }
    return TemplateResponse(request, "registration/leave_day.html", context)


def find_day(number, registrant):
    """Return the day of the person's edition with that number, a text. Raises Http404."""
    for day in Day.objects.for_edition(registrant.conference).with_conference():
        if str(day.number) == number:
            return day
    raise Http404("No such day.")


def read_done(request, registrant, days, next_one):
    """Return what the page says was done, or None. It leaves out what the circle of `next_one` says below."""
    word = request.GET.get("done", "")
    if not word:
        return None
    is_late = OutboxMessage.objects.for_person(registrant).held_back().not_begun().exists()
    about = registrant.carer_name and isolated(registrant.name)
    done = describe_done(word, days, registrant=registrant, about=about, is_late=is_late)
    is_said_below = done is not None and next_one is not None and done.text == next_one.meaning
    return replace(done, text="") if is_said_below else done


def redirect_to_my_page(registrant, done, day=None):
    """Redirect to the page, which then says what was done."""
    return redirect(my_page(registrant, done if day is None else f"{done}-{day.number}"))


def my_page(registrant, done=""):
    """Return the path of the person's page, with the word for what was just done."""
    path = reverse("registration:my", args=[links.token("my", registrant)])
    return f"{path}?done={done}" if done else path
