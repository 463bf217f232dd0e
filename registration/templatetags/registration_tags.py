"""What the program's pages show of sign-up."""

from django import template

from conference.templatetags.when_tags import picture_of
from registration.pages.words import NEED_WORDS, free_places, places_words, why_closed

register = template.Library()


@register.inclusion_tag("registration/partials/day_sign_up.html", takes_context=True)
def day_sign_up(context, day):
    """Show the way to sign up for a day of the edition shown, or say why there is none: {% day_sign_up day %}."""
    edition = context["edition"]
    if day.is_called_off:
        return {}  # the page says so itself
    if not (edition.is_current and day.sign_up_is_open(edition.now)):
        return {"why": why_closed(day, edition.now, edition.zone)}
    places = places_words(free_places([day]).get(day.pk))
    return {"day": day, "url": edition.url("sign-up-day", day), "places": places}


@register.simple_tag
def need_words(request):
    """Say to the person how far we are with what they asked for: {% need_words request %}."""
    return NEED_WORDS[request.state]


@register.inclusion_tag("conference/partials/when/days.html")
def my_days_picture(days):
    """Draw the days that a person has a place on, on their own clock: PageDays in, nothing out where none is ahead."""
    mine = [item for item in days if item.is_confirmed and not item.day.is_called_off]
    if not any(item.is_ahead for item in mine):
        return {}
    return picture_of([item.day for item in mine], mine[0].zone, mine[0].now, compact=True, told=False)
