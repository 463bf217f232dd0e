"""The decorator of all public pages: read-only, and cacheable for a minute."""

from functools import wraps

from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

# Pages say "in 12 days", so nothing older than this may be shown.
MAX_AGE = 60  # seconds
FOR_EVERYBODY = "pxp.is_for_everybody"  # WSGI environment key: conference.site.page_cache may store the response


def public_page(view):
    """Decorate a view so it answers GET and HEAD only, and so any cache may keep its answer for a minute."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=MAX_AGE)
            request.META[FOR_EVERYBODY] = True
        return response

    return csrf_exempt(require_safe(wrapper))  # it takes no form, so the method is what is wrong
