"""The page for a form that came without proof that it is ours. Nothing typed is lost."""

from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from conference.site.edition import find_edition
from registration.forms import SignUpForm

from .sign_up import form_response, visitor_of

SIGN_UP = {"registration:sign-up", "registration:sign-up-day"}


def csrf_failure(request, reason=""):
    """Show what was sent once more with a fresh token, so that one press is enough. Status 403.

    Django calls this instead of a view (CSRF_FAILURE_VIEW). It changes nothing. `reason` is for developers.
    """
    find_edition(request, None, timezone.now(), required=False)
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return press_again(request, None)
    request.resolver_match = match
    if match.view_name in SIGN_UP and request.edition:
        visitor = visitor_of(request)
        return form_response(
            request, SignUpForm.kept(request.POST, **visitor), status=403, is_shown_again=True
        ).render()
    return press_again(request, match)


def press_again(request, match):
    """Return a page with one button that sends the same once more. Forms that are not ours (the admin's) get words."""
    is_ours = match is not None and match.namespace == "registration"
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if is_ours and name != "csrfmiddlewaretoken"
    ]
    context = {"fields": fields, "is_ours": is_ours}
    return TemplateResponse(request, "registration/press_again.html", context, status=403).render()
