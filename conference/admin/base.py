"""Shared by all of the organisers' admin: times on their own clock, deletions in words, no error page for a race."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import NestedObjects, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, router, transaction
from django.http import Http404, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.raw_input import whole_number
from conference.scripts import list_words
from conference.workplace.editions import edition_at_work
from conference.workplace.mistakes import mistakes_in
from conference.workplace.own_clock import own_words, own_zone_words

from . import adding_once, edit_conflicts
from .edit_conflicts import add_conflict_check
from .form_fields import (
    JoinLinkField,
    PastedAddressField,
    PastedLinkField,
    PastedWordsField,
    TypedDateField,
    TypedDateTimeField,
)
from .history import describe
from .lists import LongList

# The field in which Django's change form names an action.
ACTION = f"{admin.ActionLocation.CHANGE_FORM.value}-action"


def time_column(field, description):
    """Return a column or read-only line for the admin: the instant in `field` on the organiser's own clock, named."""

    @admin.display(description=description, ordering=field)
    def column(row):
        return own_words(getattr(row, field))

    column.__name__ = f"{field}_on_own_clock"
    return column


def rows_of_links(links):
    """Return (address, words) pairs as links, one a line, or None if there are none."""
    rows = format_html_join("", '<div><a href="{}">{}</a></div>', links)
    return format_html('<div class="rows">{}</div>', rows) if rows else None


def rows_of_words(lines):
    """Return some words, one a line, as `rows_of_links` shows its links."""
    return format_html('<div class="rows">{}</div>', format_html_join("", "<div>{}</div>", ((line,) for line in lines)))


def ticks_no_row(request):
    """Whether a ticked row has a key that no row can have: databases cannot compare it."""
    keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return any(whole_number(key) is None for key in keys)


def changed_forms(formsets):
    """Return the forms of the rows that saved tables changed, in the order of Django's `changed_objects`."""
    forms = [(formset, {id(form.instance): form for form in formset.initial_forms}) for formset in formsets]
    return [by_row[id(row)] for formset, by_row in forms for row, _names in formset.changed_objects]


ACCESS_FIELDS = (("captions", "sign_language"), ("breaks", "recording"), ("materials", "access_note"))


# Dates, times, links and addresses are accepted as people type and paste them.
TYPED_FIELDS = {  # the more special kind first
    models.DateTimeField: TypedDateTimeField,
    models.DateField: TypedDateField,
    models.URLField: PastedLinkField,
    models.EmailField: PastedAddressField,
}


class PlainFields:
    """Names the clock in each time's label, and leaves out the icons that change or delete related rows."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        typed = next((field for kind, field in TYPED_FIELDS.items() if isinstance(db_field, kind)), None)
        if db_field.name == "meeting_url":
            typed = JoinLinkField
        if typed:
            kwargs |= {"form_class": typed, "widget": typed.widget}
        elif isinstance(db_field, models.CharField | models.TextField) and not isinstance(db_field, models.SlugField):
            kwargs["form_class"] = PastedWordsField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(db_field, models.DateTimeField):
            field.label = _("%(label)s (%(clock)s)") % {"label": capfirst(field.label), "clock": own_zone_words()}
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ConflictCheckInline(PlainFields):
    """Mixin for an inline: see `edit_conflicts`."""

    def get_formset(self, request, obj=None, **kwargs):
        """Return the formset, whose forms check what the organiser saw."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = add_conflict_check(formset.form, request)
        return formset


class PlainAdmin(PlainFields, admin.ModelAdmin):
    """A ModelAdmin for people who are not programmers."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False  # a filtered list need not count all 300,000 rows
    view_on_site = False
    what_to_do_instead = ""
    hidden_in_history = ()  # fields whose values the history leaves out, besides those left out for all models
    sorted_as = {}  # {column: the field by which it sorts}, where its own has no index
    linked_filters = ()  # fields that our own links filter by, besides its filters

    def changelist_view(self, request, extra_context=None):
        """Show the list, titled with what it contains, or run an action on it.

        Answers 404 for a key that no row can have.
        """
        if ticks_no_row(request):
            raise Http404
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {})
        )

    def get_changelist(self, request, **kwargs):
        return LongList

    def lookup_allowed(self, lookup, value, request):
        """Allow only the filters that the page offers: others, typed into the URL, could reveal hidden data."""
        offered = {*self.linked_filters}
        for item in self.get_list_filter(request):
            offered.add(getattr(item, "parameter_name", item).removesuffix("__exact"))
        return lookup.removesuffix("__exact") in offered

    def get_changeform_initial_data(self, request):
        """Return what the form of a new row begins with: what the address says, and the edition that is worked on."""
        edition = edition_at_work(request) if "conference" in {field.name for field in self.opts.fields} else None
        return ({"conference": edition.pk} if edition else {}) | super().get_changeform_initial_data(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; one for an existing row checks what the organiser saw."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return add_conflict_check(form, request) if change else form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save one row. If someone else just saved the same, say so instead of failing."""
        try:
            with transaction.atomic():
                if request.method == "POST" and object_id:
                    self.lock(object_id)
                    self.hold_back_action(request, object_id)
                is_new = request.method == "POST" and not object_id
                if is_new and (address := adding_once.where_it_led(request)):
                    self.message_user(request, _("It is added already: you pressed twice."), messages.INFO)
                    return HttpResponseRedirect(address)
                response = super().changeform_view(request, object_id, form_url, extra_context)
                if is_new and response.status_code == HttpResponseRedirect.status_code:
                    adding_once.note_added(request, response.url)
                return response
        except IntegrityError:
            words = _(
                "Nothing was saved, because someone else saved this at the same time. "
                "Look at what is there now, then try again."
            )
            self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def lock(self, object_id, how=lambda rows: rows.select_for_update().first()):
        """Lock a row until the transaction ends, so two organisers save one after the other. `how` locks a QuerySet."""
        key = self.model._meta.pk
        try:
            how(self.model._default_manager.filter(pk=key.to_python(unquote(object_id))))
        except ValidationError:
            return  # no such row, which the page says

    def hold_back_action(self, request, object_id):
        """Where an action's button was pressed after typing, show the form again: an action never swallows an edit."""
        pressed = request.POST.get(ACTION)
        if not pressed or edit_conflicts.FIELD not in request.POST or "post" in request.POST:
            return
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_change_permission(request, row):
            return
        form = self.get_form(request, row, change=True)(request.POST, request.FILES, instance=row)
        formsets, _inlines = self._create_formsets(request, row, change=True)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            request.unsaved_action = dict(self.own_actions(request)).get(pressed, pressed)
            request.POST = request.POST.copy()
            del request.POST[ACTION]

    def own_actions(self, request):
        """Return (name, words) of each action that this organiser has on one row's page."""
        place = admin.ActionLocation.CHANGE_FORM
        actions = self.get_actions(request, action_location=place).values()
        return [(action.name, self._get_choice_description(action, place)) for action in actions]

    def idle_actions(self, row):
        """Return the names of the actions that would do nothing to this row, so its page has no button for them."""
        return set()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Return the page, with a button for each action after “Save”, which the Enter key presses.

        Django's own sentence about mistakes, which it writes if there are `errors`, does not say which they are.
        """
        mistakes = mistakes_in(context["adminform"].form, context["inline_admin_formsets"])
        context |= {"mistakes": mistakes, "errors": None}
        if context["action_form"]:
            idle = self.idle_actions(obj)
            buttons = [(name, words) for name, words in self.own_actions(request) if name not in idle]
            context |= {"action_form": None, "own_actions": buttons, "action_field": ACTION}
        if add:
            context |= {"once_field": adding_once.FIELD, "once": adding_once.word_for_page()}
        if change:
            tables = [table.formset for table in context["inline_admin_formsets"]]
            forms = [context["adminform"].form, *(form for table in tables for form in table.initial_forms)]
            context |= {"seen_field": edit_conflicts.FIELD, "seen": edit_conflicts.sign_seen_values(forms)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        """Add to Django's message which fields keep another organiser's change."""
        if labels := getattr(request, "kept_of_others", []):
            words = _("Someone else changed %(labels)s in the meantime. Their change is kept too.")
            self.message_user(request, words % {"labels": list_words(labels)}, messages.WARNING)
        return super().response_change(request, obj)

    def save_related(self, request, form, formsets, change):
        """Save the tables of the page, and note which fields keep another organiser's change."""
        forms = [form, *(row for formset in formsets for row in formset.initial_forms)]
        request.kept_of_others = [label for row in forms for label in getattr(row, "labels_kept", list)()]
        super().save_related(request, form, formsets, change)

    def save_formset(self, request, form, formset, change):
        """Save the rows of a table on this page, and write one row of the history for each that has its own page."""
        super().save_formset(request, form, formset, change)
        if not self.admin_site.is_registered(formset.model):
            return
        for row in formset.new_objects:
            self.log_addition(request, row, [{"added": {}}])
        for row in changed_forms([formset]):
            self.log_change(request, row.instance, [{"changed": {"fields": describe(row, self.hidden_in_history)}}])

    def log_change(self, request, obj, message):
        """Write a row of the history, unless nothing was changed: a second press of “Save” is none."""
        return super().log_change(request, obj, message) if message else None

    def construct_change_message(self, request, form, formsets, add=False):
        """Return Django's message for the history, with what each changed field was and is."""
        message = super().construct_change_message(request, form, formsets, add)
        changed = [*([form] if form.changed_data and not add else []), *changed_forms(formsets or [])]
        parts = [part["changed"] for part in message if "changed" in part]
        for part, row in zip(parts, changed, strict=True):
            part["fields"] = describe(row, self.hidden_in_history)
        return message

    def get_view_on_site_url(self, obj=None):
        """Return the address of the public page of a row as saved: typed values may have no address yet."""
        saved = self.model._default_manager.filter(pk=obj.pk).first() if obj is not None else None
        return super().get_view_on_site_url(saved)

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, then delete. A row that others came to need in the meantime stays, with words."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except models.ProtectedError as error:
            self.message_user(request, self.in_the_way(error.protected_objects), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs, request):
        """Return what a deletion would also delete. What blocks it is one sentence, not a list of people."""
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
            "rows": list_words(parts)
        }
        return " ".join(str(part) for part in (sentence, self.what_to_do_instead) if part)
