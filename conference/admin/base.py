"""What all pages of the organisers' admin share: times that say UTC, deletions in words, no error page for a race."""

from datetime import UTC

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import IntegrityError, models, router
from django.http import HttpResponseRedirect
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


def utc_words(instant):
    """Return an aware instant on the clock of UTC, and say so: "Tue 12 Sep 2028, 19:00 UTC"; a dash for None."""
    if instant is None:
        return "-"
    pattern = pgettext("Django date format: short weekday, date and time", "D j M Y, H:i")
    return f"{formats.date_format(instant.astimezone(UTC), pattern)} UTC"


def utc_column(field, description):
    """Return a column or read-only line for the admin that shows the instant in `field` with its time zone."""

    @admin.display(description=description, ordering=field)
    def column(row):
        return utc_words(getattr(row, field))

    column.__name__ = f"{field}_utc"
    return column


def rows_of_links(links):
    """Return (address, words) pairs as links, one a line, or None where there are none."""
    rows = format_html_join("", '<div><a href="{}">{}</a></div>', links)
    return format_html('<div class="rows">{}</div>', rows) if rows else None


ACCESS_FIELDS = (("captions", "sign_language"), ("breaks", "recording"), ("materials", "access_note"))


class PlainFields:
    """Says "(UTC)" in the label of each time, and puts no pictures that change or delete other rows beside a choice."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the field as the admin makes it, plainer."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(db_field, models.DateTimeField):
            field.label = _("%(label)s (UTC)") % {"label": capfirst(field.label)}
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class PlainAdmin(PlainFields, admin.ModelAdmin):
    """A ModelAdmin for people who are no programmers."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    what_to_do_instead = ""
    linked_filters = ()  # fields by which our own links narrow this list, beside its filters

    def changelist_view(self, request, extra_context=None):
        """Show the list under the name of what it holds, or run an action on it."""
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {})
        )

    def lookup_allowed(self, lookup, value, request):
        """Allow only the filters that the page offers: others, typed into the address, could tell hidden things."""
        offered = {*self.linked_filters}
        for item in self.get_list_filter(request):
            offered.add(getattr(item, "parameter_name", item))
        return lookup.removesuffix("__exact") in offered

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save one row. Where somebody else saved the same a moment before, say so instead of failing."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            words = _(
                "Nothing was saved, because somebody else saved the same at the same moment. "
                "Look at what is there now, and try again."
            )
            self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_formset(self, request, form, formset, change):
        """Save the rows of a table on this page, and write one row of the history for each that has its own page."""
        super().save_formset(request, form, formset, change)
        if not self.admin_site.is_registered(formset.model):
            return
        for row in formset.new_objects:
            self.log_addition(request, row, [{"added": {}}])
        for row, fields in formset.changed_objects:
            labels = [str(capfirst(row._meta.get_field(name).verbose_name)) for name in fields]
            self.log_change(request, row, [{"changed": {"fields": labels}}])

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, then delete. A row that others came to need in the meantime stays, with words."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except models.ProtectedError as error:
            self.message_user(request, self.in_the_way(error.protected_objects), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs, request):
        """Return what a deletion takes along. What stands in its way is one sentence, not a list of people."""
        collector = NestedObjects(using=router.db_for_write(self.model))
        collector.collect(objs)
        if collector.protected:
            return [], {}, set(), [self.in_the_way(collector.protected)]
        return super().get_deleted_objects(objs, request)

    def in_the_way(self, rows):
        """Return the sentence that says which rows keep something from being deleted, and what to do instead."""
        numbers = {}
        for row in rows:
            numbers.setdefault(row._meta, []).append(row)
        parts = [
            f"{len(rows)} {options.verbose_name if len(rows) == 1 else options.verbose_name_plural}"
            for options, rows in sorted(numbers.items(), key=lambda item: item[0].label)
        ]
        sentence = ngettext("%(rows)s belongs to it.", "%(rows)s belong to it.", len(rows)) % {
            "rows": get_text_list(parts, _("and"))
        }
        return " ".join(str(part) for part in (sentence, self.what_to_do_instead) if part)
