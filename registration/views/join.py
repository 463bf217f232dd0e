"""The day's door: one lasting address per person and day, safe to stand in a calendar that others see."""

from zoneinfo import ZoneInfo

from django.template.response import TemplateResponse

from registration import links
from registration.person_page import PageDay

from .decorators import personal


@personal(links.registration_by_join_token, methods=["GET", "HEAD"])
def join(request, registration):
    """Show when the day is on the person's clock, and what will happen."""
    zone = ZoneInfo(registration.registrant.time_zone)
    item = PageDay(registration.day, registration, zone, request.edition.now)
    return TemplateResponse(request, "registration/join.html", {"item": item})
