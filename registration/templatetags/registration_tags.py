"""What the program's pages show of sign-up."""

from django import template

from registration.words import why_closed

register = template.Library()


@register.inclusion_tag("registration/partials/day_sign_up.html", takes_context=True)
def day_sign_up(context, day):
    """Show the way to sign up for a day of the edition shown, or say why there is none: {% day_sign_up day %}."""
    edition = context["edition"]
    is_open = edition.is_current and day.sign_up_is_open(edition.now)
    return {
        "day": day,
        "url": edition.url("sign-up-day", day) if is_open else "",
        "why": "" if is_open else why_closed(day, edition.now, edition.zone),
    }
