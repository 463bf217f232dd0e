"""The people on the program."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from conference.models import Speaker
from conference.site.before import or_of_an_edition_before
from conference.site.edition import with_conference
from conference.site.public import public_page


@public_page
@with_conference
def speakers(request):
    """Show everybody on the program by name, with their sessions."""
    everybody = Speaker.objects.for_edition(request.conference).with_pictures().with_sessions()
    return TemplateResponse(request, "conference/speakers.html", {"speakers": everybody})


@public_page
@with_conference
@or_of_an_edition_before
def speaker(request, slug):
    """Show one person with their sessions. Answers 404 if the edition has nobody of that name."""
    shown = get_object_or_404(
        Speaker.objects.for_edition(request.conference).named(slug).with_pictures().with_sessions()
    )
    days = [appearance.session.day for appearance in shown.appearances.all()]
    now = request.edition.now
    is_to_come = any(day.is_to_come(now) for day in days) if days else not request.edition.is_past
    return TemplateResponse(request, "conference/speaker.html", {"speaker": shown, "is_to_come": is_to_come})
