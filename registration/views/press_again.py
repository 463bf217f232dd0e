"""The page for a form that seems to come from another site. Nothing typed is lost."""

from django.template.response import TemplateResponse
from django.utils import timezone

from conference.site.edition import find_edition
from conference.site.languages import speak
from registration.forms import SignUpForm
from registration.links import language_named_by

from .sign_up import form_response, visitor_of

SIGN_UP = {"sign-up:sign-up", "sign-up:sign-up-all", "sign-up:sign-up-day"}


def press_again(request):
    """Show the submitted form again, to send it from our own page with one press. Status 403. It changes nothing.

    In the admin it only shows text.
    """
    find_edition(request, None, timezone.now(), required=False)
    match = request.resolver_match
    if "token" in match.kwargs and match.namespace == "registration":
        speak(language_named_by(match.kwargs["token"]))
    if match.view_name in SIGN_UP and request.edition:
        form = SignUpForm.kept(request.POST, **visitor_of(request))
        return form_response(request, form, status=403, is_shown_again=True).render()
    is_ours = match.namespace in ("registration", "sign-up")
    fields = [(name, value) for name, values in request.POST.lists() for value in values if is_ours]
    context = {"fields": fields, "is_ours": is_ours}
    return TemplateResponse(request, "registration/press_again.html", context, status=403).render()
