"""The passages of pages in the organisers' admin: our standard words, and the organisers' own next to them."""

from django.contrib import admin
from django.db.models import Case, When
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Text
from conference.scripts import labelled
from conference.texts import PASSAGES

from .base import PlainAdmin
from .changes import RefreshesPages
from .drafts import InDraft
from .filters import ConferenceFilter

# The order in which the site shows the passages; what it does not show any more comes last.
AS_ON_THE_SITE = Case(
    *(When(key=key, then=place) for place, key in enumerate(PASSAGES)),
    default=len(PASSAGES),
)


class PageFilter(admin.SimpleListFilter):
    """Filters passages by page."""

    title = gettext_lazy("page")
    parameter_name = "page"

    def lookups(self, request, model_admin):
        """Return the pages in the order of the site; each is named by the key of its first passage."""
        first_keys = {}
        for passage in PASSAGES.values():
            first_keys.setdefault(str(passage.page), passage.key)
        return [(key, page) for page, key in first_keys.items()]

    def queryset(self, request, queryset):
        if self.value() not in PASSAGES:
            return queryset
        page = PASSAGES[self.value()].page
        return queryset.filter(key__in=[passage.key for passage in PASSAGES.values() if passage.page == page])


class ChangedFilter(admin.SimpleListFilter):
    """Filters passages by whether organisers replaced our words."""

    title = gettext_lazy("words")
    parameter_name = "words"

    def lookups(self, request, model_admin):
        return [("own", gettext_lazy("your own")), ("standard", gettext_lazy("the standard ones"))]

    def queryset(self, request, queryset):
        sides = {"own": queryset.changed, "standard": queryset.unchanged}
        return sides[self.value()]() if self.value() in sides else queryset


@admin.register(Text)
class TextAdmin(InDraft, RefreshesPages, PlainAdmin):
    """One passage of one edition. The site decides which passages there are, so none is added or deleted here."""

    list_display = ["label", "page", "conference", "whose"]
    list_filter = [ConferenceFilter, PageFilter, ChangedFilter]
    list_select_related = ["conference"]
    ordering = ["-conference__slug", AS_ON_THE_SITE, "key"]
    search_fields = ["key", "body"]
    search_help_text = gettext_lazy("Search in your own words.")
    fields = ["conference", "page", "label", "standard_words", "body"]
    readonly_fields = ["conference", "page", "label", "standard_words"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody: emptying the words brings the standard ones back."""
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show or save one passage, under its name instead of its key."""
        text = self.get_object(request, object_id)
        subtitle = labelled(self.page(text), self.label(text)) if text else None
        return super().change_view(request, object_id, form_url, {"subtitle": subtitle} | (extra_context or {}))

    @admin.display(description=gettext_lazy("passage"))
    def label(self, text):
        """Return the passage's name on its page."""
        return PASSAGES[text.key].label if text.key in PASSAGES else text.key

    @admin.display(description=gettext_lazy("page"))
    def page(self, text):
        """Return the name of the passage's page."""
        return PASSAGES[text.key].page if text.key in PASSAGES else _("not in use any more")

    @admin.display(description=gettext_lazy("words"))
    def whose(self, text):
        """Return whose words the page shows."""
        return _("your own") if text.is_changed else _("the standard ones")

    @admin.display(description=gettext_lazy("standard words"))
    def standard_words(self, text):
        """Return our standard words, as Markdown: the page shows them while the organisers' own are empty."""
        return linebreaksbr(PASSAGES[text.key].words) if text.key in PASSAGES else "-"
