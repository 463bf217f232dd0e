"""Static pages: how to join, access, privacy, Patients Included, contact."""

from email.utils import parseaddr

from django.conf import settings
from django.template.response import TemplateResponse

from conference.models import Day
from conference.site.edition import with_conference
from conference.site.public import public_page
from conference.texts.access_statement import statement


@public_page
@with_conference
def how_to_join(request):
    """Show what happens on the day, step by step."""
    days = Day.objects.for_edition(request.conference).with_announced_dates()
    return TemplateResponse(request, "conference/how_to_join.html", {"days": days})


@public_page
@with_conference
def accessibility(request):
    """Show what each session offers, what this site holds, and what does not work yet."""
    days = [day for day in Day.objects.for_edition(request.conference) if not day.is_called_off]
    context = {"days": days, "statement": statement()}
    return TemplateResponse(request, "conference/accessibility.html", context)


@public_page
@with_conference
def accessibility_criteria(request):
    """Show how this site meets each criterion of WCAG."""
    return TemplateResponse(request, "conference/accessibility_criteria.html", {"statement": statement()})


@public_page
@with_conference
def privacy(request):
    """Show what is asked, why, who reads it, and when it is deleted."""
    return TemplateResponse(request, "conference/privacy.html")


@public_page
@with_conference
def patients_included(request):
    """Show how the conference meets each clause of the Patients Included charter."""
    return TemplateResponse(request, "conference/patients_included.html")


@public_page
@with_conference
def contact(request):
    """Show the one address that people answer."""
    address = request.conference.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return TemplateResponse(request, "conference/contact.html", {"address": address})
