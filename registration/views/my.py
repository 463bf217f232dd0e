"""A person's own page: their days, and a button for each thing they can do. Reached by a link from their mails."""

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from conference.models import Day
from registration import links
from registration.forms import TimeZoneForm
from registration.models import AccessRequest, Registration
from registration.pages.done import what_was_done
from registration.pages.my_days import days_on_page, first_start
from registration.services import answers as answer_service
from registration.services import days as day_service
from registration.services import person as person_service
from registration.services.errors import AlreadyOnDay, RegistrationClosed
from registration.services.reminders import set_reminders

from .decorators import of_person, personal
from .my_answers import answers_form


@personal(of_person("my"))
def my(request, registrant):
    """Show the page, or do what a button on it says. `action` names it, `day` the day it is about."""
    if request.method != "POST":
        return page(request, registrant)
    act = ACTIONS.get(request.POST.get("action"))
    if act is None:
        return page(request, registrant, status=422)
    return act(request, registrant)


def drop(request, registrant):
    """Take the person off a day."""
    day = day_meant(request, registrant)
    for registration in Registration.objects.of(registrant).for_day(day).live():
        day_service.cancel(registration, now=request.edition.now)
    return back(registrant, "dropped", day)


def add(request, registrant):
    """Put the person on a day."""
    day = day_meant(request, registrant)
    try:
        registration = day_service.add_day(registrant, day, now=request.edition.now)
    except RegistrationClosed:
        return back(registrant, "closed", day)
    except AlreadyOnDay:
        return back(registrant, "added", day)
    return back(registrant, "waiting" if registration.is_waitlisted else "added", day)


def confirm(request, registrant):
    """Let the Access team read what somebody wrote on the form after they had confirmed their address."""
    day_service.confirm(registrant, now=request.edition.now)
    return back(registrant, "needs")


def send_again(request, registrant):
    """Send the confirmation and the invites once more."""
    count = day_service.send_again(registrant, now=request.edition.now)
    return back(registrant, "sent" if count else "nothing")


def change_zone(request, registrant):
    """Show all hours on another clock."""
    form = TimeZoneForm(request.POST, registrant=registrant, at=request.edition.now)
    if not form.is_valid():
        return page(request, registrant, form, status=422)
    person_service.change_zone(registrant, form.cleaned_data["time_zone"])
    return back(registrant, "zone")


def change_answers(request, registrant):
    """Keep new answers to the organisers' own questions."""
    form = answers_form(registrant, request.POST)
    if form is None:
        return back(registrant, "")
    if not form.is_valid():
        return page(request, registrant, answers=form, status=422)
    answer_service.change_answers(registrant, form.answers())
    return back(registrant, "answers")


def calendar_mails_off(request, registrant):
    """Send no invites any more."""
    person_service.set_calendar_mails(registrant, wanted=False)
    return back(registrant, "calendar-mails-off")


def calendar_mails_on(request, registrant):
    """Send invites again."""
    person_service.set_calendar_mails(registrant, wanted=True)
    return back(registrant, "calendar-mails-on")


def reminders_off(request, registrant):
    """Send no reminders any more."""
    set_reminders(registrant, wanted=False, now=request.edition.now)
    return back(registrant, "reminders-off")


def reminders_on(request, registrant):
    """Send reminders again."""
    set_reminders(registrant, wanted=True, now=request.edition.now)
    return back(registrant, "reminders-on")


def neutral_titles_on(request, registrant):
    """Let calendar entries name no subject."""
    person_service.set_neutral_titles(registrant, wanted=True, now=request.edition.now)
    return back(registrant, "neutral-titles-on")


def neutral_titles_off(request, registrant):
    """Let calendar entries name the subject again."""
    person_service.set_neutral_titles(registrant, wanted=False, now=request.edition.now)
    return back(registrant, "neutral-titles-off")


ACTIONS = {
    "drop": drop,
    "add": add,
    "confirm": confirm,
    "send-again": send_again,
    "time-zone": change_zone,
    "answers": change_answers,
    "calendar-mails-off": calendar_mails_off,
    "calendar-mails-on": calendar_mails_on,
    "reminders-off": reminders_off,
    "reminders-on": reminders_on,
    "neutral-titles-on": neutral_titles_on,
    "neutral-titles-off": neutral_titles_off,
}


def page(request, registrant, form=None, *, answers=None, status=200):
    """Return the person's page; `form` or `answers` is the one that was filled in wrongly, if any."""
    days = days_on_page(registrant, now=request.edition.now)
    context = {
        "registrant": registrant,
        "token": links.token("my", registrant),
        "days": days,
        "form": form or TimeZoneForm(registrant=registrant, at=first_start(days, request.edition.now)),
        "answers_form": answers or answers_form(registrant),
        "lit": "".join(str(item.day.number) for item in days if item.is_confirmed),
        "done": what_was_done(request.GET.get("done", ""), days),
        "has_needs": AccessRequest.objects.of(registrant).unconfirmed().exists(),
        "has_place_ahead": any(item.can_join for item in days),
        "calendar_url": links.calendar_url(registrant),
    }
    return TemplateResponse(request, "registration/my.html", context, status=status)


def day_meant(request, registrant):
    """Return the day of the person's edition that a button is about. Raises Http404."""
    for day in Day.objects.of(registrant.conference).with_conference():
        if str(day.number) == request.POST.get("day"):
            return day
    raise Http404("No such day.")


def back(registrant, done, day=None):
    """Redirect to the page, which then says what was done."""
    return redirect(my_page(registrant, done if day is None else f"{done}-{day.number}"))


def my_page(registrant, done=""):
    """Return the path of the person's page, with the word for what was just done."""
    path = reverse("registration:my", args=[links.token("my", registrant)])
    return f"{path}?done={done}" if done else path
