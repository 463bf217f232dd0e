"""The Atom feed of changes to the program (RFC 4287)."""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.changes import about, sentence
from conference.models import ProgramChange
from conference.raw_input import strip_unreadable
from conference.site.edition import with_conference
from conference.site.public import public_page

LONGEST = 50  # entries


class ChangesFeed(Atom1Feed):
    """An Atom feed whose date stays the same as long as nothing is in it."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["begins_at"]


@public_page
@with_conference
def changes(request):
    """Send the latest changes of an edition, newest first, with times on the visitor's clock or else in UTC."""
    edition, conference = request.edition, request.conference
    feed = ChangesFeed(
        title=strip_unreadable(_("%(name)s: what changed in the program") % {"name": conference.translated.name}),
        link=settings.SITE_URL + edition.url("program"),
        feed_url=settings.SITE_URL + edition.url("changes"),
        description=None,
        language=get_language(),
        author_name=strip_unreadable(conference.short_name),
        begins_at=datetime(min(int(conference.slug), edition.now.year), 1, 1, tzinfo=UTC),
    )
    for change in ProgramChange.objects.for_edition(conference).with_names()[:LONGEST]:
        feed.add_item(
            title=strip_unreadable(about(change)),
            link=settings.SITE_URL + _page_of(change, edition),
            description=strip_unreadable(sentence(change, edition.zone or ZoneInfo("UTC"))),
            unique_id=_entry_id(change),
            pubdate=change.at,
            updateddate=change.at,
        )
    # Browsers show "application/xml" as it is and would save "application/atom+xml", so the links on our pages say
    # the file's real type, which it also declares.
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _page_of(change, edition):
    if change.session is not None:
        return edition.url("session", change.session)
    return edition.url("day", change.day) if change.day is not None else edition.url("program")


def _entry_id(change):
    """A name for the entry that never changes (RFC 4151), wherever the site's addresses go.

    Its date is not to come, although a conference is announced in the year before it.
    """
    host = urlsplit(settings.SITE_URL).hostname
    year = min(int(change.conference.lasting_slug), change.at.year)
    return f"tag:{host},{year}-01-01:change-{change.pk}"
