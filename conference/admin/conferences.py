"""Editions in the organisers' admin."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import router, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Day, FormerYear, Session, Speaker
from conference.texts import ensure_rows

from . import translations
from .asking import AsksFirst
from .base import PlainAdmin
from .changes import RefreshesPages
from .drafts import InDraft
from .publishing import Publishes

PARTS = (Session, Day, Speaker)  # in the order in which they can go


class ConferenceForm(forms.ModelForm):
    """An edition. It cannot take another edition's former year, since old links lead there."""

    class Meta:
        model = Conference
        exclude = ["first_slug"]  # noqa: DJ006 - the admin names the fields
        error_messages = {"slug": {"unique": _("There is a conference of that year already. Choose another year.")}}

    def clean_slug(self):
        """Refuse a year that is another edition's former one."""
        year = self.cleaned_data["slug"]
        if (other := Conference.objects.had_year(year).other_than(self.instance).first()) is not None:
            raise forms.ValidationError(
                gettext("Old links to %(year)s lead to “%(name)s”. Choose another year.")
                % {"year": year, "name": other}
            )
        return year


@admin.register(Conference)
class ConferenceAdmin(Publishes, InDraft, AsksFirst, RefreshesPages, PlainAdmin):
    """One edition a year: its name, its times in general, and whether the public sees it."""

    form = ConferenceForm
    list_display = ["name", "slug", "clock", "is_published"]
    list_display_links = ["name"]
    ordering = ["-slug"]
    search_fields = ["name", "slug"]
    search_help_text = _("Search by name or year.")
    fieldsets = [
        (None, {"fields": ["name", "short_name", "slug", "is_published"]}),
        (
            _("What the home page says"),
            {"fields": ["tagline", "cost", "format", "platform", "supported_by", "contact_email"]},
        ),
        (_("Times"), {"fields": ["clock"], "description": _("The times themselves are set on each day.")}),
        (
            _("Sign-up"),
            {
                "fields": [("sign_up_opens_at", "sign_up_closes_at"), "needs_by"],
                "description": _("All times are on your own clock. If a day has its own times, those count instead."),
            },
        ),
        (
            _("The door"),
            {
                "fields": [
                    "door_opens_minutes",
                ],
                "description": _("How long before a day starts the button to the meeting appears."),
            },
        ),
    ]
    what_to_do_instead = _("To take a conference off the site, open it and untick “published”.")

    def get_fieldsets(self, request, conference=None):
        """Leave out “published” until it is: the page “Publish…” first shows what readers will see."""
        hidden = set() if conference and conference.is_published else {"is_published"}
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in super().get_fieldsets(request, conference)
        ]

    def save_model(self, request, obj, form, change):
        """Save the edition, and give it a row for each passage of its pages."""
        year_before = form.initial.get("slug", obj.slug)
        if change and year_before != obj.slug and obj.is_published:
            obj.first_slug = obj.first_slug or year_before
            FormerYear.objects.filter(conference=obj, year=obj.slug).delete()
            FormerYear.objects.create(conference=obj, year=year_before)
        super().save_model(request, obj, form, change)
        ensure_rows(obj)

    def questions_about(self, before, after, now):
        """Ask about another year."""
        questions = []
        if before and before.slug != after.slug:
            years = {"before": before.slug, "after": after.slug}
            questions.append(
                gettext(
                    "The web address /%(before)s/ becomes /%(after)s/. Old links still work. The days keep their dates."
                )
                % years
            )
        return questions

    def questions_at_once(self, before, after, now):
        """Ask about taking an edition off the site."""
        if before and before.is_published and not after.is_published:
            return [gettext("Visitors no longer see this conference, and nobody can sign up for it.")]
        return []

    def get_deleted_objects(self, objs, request):
        """Return what is deleted with an edition: its whole program. Sign-ups block it."""
        parts = [list(kind.objects.for_edition(edition)) for edition in objs for kind in PARTS]
        collector = NestedObjects(using=router.db_for_write(self.model))
        for rows in (objs, *parts):
            collector.collect(rows)
        people = [row for row in collector.protected if row._meta.app_label != self.opts.app_label]
        if people:
            return [], {}, set(), [self.in_the_way(people)]
        return [str(row) for rows in parts for row in rows], {}, set(), []

    def delete_model(self, request, obj):
        """Delete an edition with its program."""
        with transaction.atomic():
            for kind in PARTS:
                kind.objects.for_edition(obj).delete()
            obj.delete()

    def get_urls(self):
        """Return the pages of editions, and those on which their words are translated."""
        return translations.urls() + super().get_urls()

    def view_on_site(self, conference):
        """Return the edition's home page, or None while the public cannot see it."""
        return reverse("edition:home", kwargs={"year": conference.slug}) if conference.is_published else None
