"""Sharing: preview images for links, and texts for partners."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from conference.models import Day
from conference.pictures.share_cards import card_for
from conference.site.edition import with_conference
from conference.site.public import public_page
from conference.texts import partner_words

IMAGE_MAX_AGE = 60 * 60  # seconds; social networks cache it much longer anyway


@require_safe
@with_conference
def share_image(request, name):
    """Send a page's share image. Answers 404 if the edition has no such page."""
    card = card_for(request.edition, name)
    if card is None:
        raise Http404("No page has that image.")
    from conference.pictures.share_images import draw  # imported here: Pillow takes 6 MB in each process

    response = HttpResponse(draw(card), content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # other sites may embed it
    patch_cache_control(response, public=True, max_age=IMAGE_MAX_AGE)
    return response


@public_page
@with_conference
def partners(request):
    """Show words about the conference, in three lengths, to paste into newsletters and posts."""
    edition = request.edition
    days = Day.objects.for_edition(request.conference).with_conference().with_announced_dates()
    days = [day for day in days if not day.is_called_off]
    context = {
        "days": days,
        "texts": partner_words.texts(edition, days) if edition.takes_sign_ups and days else [],
        "links": partner_words.links_in_html(edition, days),
        "picture": edition.lasting_url("share", "home"),
    }
    return TemplateResponse(request, "conference/partners.html", context)
