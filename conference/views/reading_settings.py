"""The page on which visitors choose how they read: it shows itself in the look that is chosen."""

from django.conf import settings
from django.template.response import TemplateResponse

from conference.site.edition import in_zone, with_conference
from conference.site.looks import LABELS, LOOKS
from conference.site.public import public_page
from conference.views.time_zones import page_to_return_to


@public_page
@with_conference
def reading_settings(request):
    """Offer each look, and the way back to `?next=` in the look that is chosen.

    The choice lives in the addresses from here on, and nowhere else.
    """
    back, edition = page_to_return_to(request), request.edition
    back_url = in_zone(back, edition.zone, edition.look)
    chosen = dict(edition.look)
    context = {
        "back": back,
        "back_url": back_url,
        "address": settings.SITE_URL + back_url,
        "looks": [(name, LOOKS[name], label, name in chosen) for name, label in LABELS.items()],
    }
    return TemplateResponse(request, "conference/reading.html", context)
