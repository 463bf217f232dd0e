"""The page after everything about a person was deleted (by `private.delete`)."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from conference.site.edition import with_conference


@require_safe
@with_conference(required=False)
def delete_done(request):
    """Say that it is done. The page shows no personal data, so anybody may open it."""
    return TemplateResponse(request, "registration/deleted.html")
