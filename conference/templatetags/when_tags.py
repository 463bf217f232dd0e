"""The tag that draws the hours of a day: {% hours_picture day %}."""

from django import template

from conference.clock import Span
from conference.pictures.day_pictures import HoursBar

register = template.Library()


@register.inclusion_tag("conference/partials/when/hours.html", takes_context=True)
def hours_picture(context, day):
    """Draw the hours of a day that touches the night on the visitor's clock: how much of the night would it take?

    Nothing without a zone, for daytime hours, and for days that are over or called off.
    """
    edition = context["edition"]
    if edition.zone is None or day.is_called_off or day.has_ended(edition.now):
        return {}
    bar = HoursBar(Span(day.starts_at, day.ends_at, edition.zone), day.number)
    return {"bar": bar} if bar.touches_night else {}
