"""The calm page after everything about a person was deleted (`private.delete` does it)."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from conference.site.edition import with_conference


@require_safe
@with_conference
def deleted(request):
    """Say that it is done. The page knows nobody, so its address can be opened by anybody."""
    return TemplateResponse(request, "registration/deleted.html")
