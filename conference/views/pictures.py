"""Pictures of speakers, cached permanently: a URL never shows another picture."""

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from conference.models import Picture
from conference.models.pictures import SIZES

A_YEAR = 365 * 24 * 60 * 60  # seconds
NAMES = {side: name for name, side in SIZES.items()}


@require_safe
def picture(request, key, side):
    """Send a picture in one of its sizes. Answers 404 if there is none."""
    if side not in NAMES:
        raise Http404("Pictures have no such size.")
    data = Picture.objects.named(key).values_list(NAMES[side], flat=True).first()
    if data is None:
        raise Http404("There is no such picture.")
    response = HttpResponse(bytes(data), content_type="image/jpeg")
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
