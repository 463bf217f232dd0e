"""Speakers in the organisers' admin."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import Appearance, Speaker
from conference.models.pictures import SIZES
from conference.pasted_text import links_from
from conference.slugs import free_slug

from .base import PlainAdmin, rows_of_links
from .changes import RefreshesPages
from .drafts import InDraft
from .filters import ConferenceFilter


class SpeakerForm(forms.ModelForm):
    """A speaker, with a picture that is uploaded and made ready for pages."""

    upload = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_(
            "JPEG, PNG, WebP or HEIC. The site crops it to a square, and removes its location and camera details."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic"}),
    )
    no_picture = forms.BooleanField(label=_("Remove the picture"), required=False)

    class Meta:
        model = Speaker
        exclude = ["picture"]  # noqa: DJ006 - the admin names the fields

    def clean_links(self):
        """Return the links, each with its address as browsers need it."""
        try:
            return links_from(self.cleaned_data["links"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_upload(self):
        """Return the picture made ready, or None."""
        file = self.cleaned_data["upload"]
        if not file:
            return None
        from conference.pictures.portraits import take_portrait  # imported here: Pillow takes 6 MB in each process

        try:
            return take_portrait(file.read(), now=timezone.now())
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def full_clean(self):
        """Check it. Of a form that is refused nothing is saved, and browsers send no file twice: say so."""
        before = self.instance.picture
        super().full_clean()
        if self.errors and self.files.get(self.add_prefix("upload")) and "upload" not in self.errors:
            self.instance.picture = before
            self.add_error("upload", gettext("Choose the file again. The rest of the form is kept, a file is not."))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("upload"):
            self.instance.picture = cleaned["upload"]
        elif cleaned.get("no_picture"):
            self.instance.picture = None
        if self.instance.picture_id and not (cleaned.get("picture_alt") or "").strip():
            self.add_error("picture_alt", gettext("Say what the picture shows, for people who cannot see it."))
        return cleaned


@admin.register(Speaker)
class SpeakerAdmin(InDraft, RefreshesPages, PlainAdmin):
    """One person on the program of one edition."""

    form = SpeakerForm
    list_display = ["name", "affiliation", "conference"]
    list_filter = [ConferenceFilter]
    list_select_related = ["conference"]
    ordering = ["-conference__slug", "name"]
    search_fields = ["name", "affiliation"]
    search_help_text = _("Search by name or organisation.")
    readonly_fields = ["picture_now", "sessions"]
    what_to_do_instead = _("Take the person out of these sessions first.")

    def get_fields(self, request, speaker=None):
        """Return the speaker's fields; a new speaker has no sessions yet."""
        fields = ["conference", "name", "pronouns", "slug", "affiliation", "bio", "links"]
        has_picture = speaker and speaker.picture_id
        fields += [*(["picture_now"] if has_picture else []), "upload", "picture_alt"]
        fields += ["no_picture"] if has_picture else []
        return fields + (["sessions"] if speaker else [])

    def get_readonly_fields(self, request, speaker=None):
        """Return what is not typed: the address of a speaker's page, once it may be printed somewhere."""
        return [*self.readonly_fields, "slug"] if speaker else self.readonly_fields

    def get_prepopulated_fields(self, request, speaker=None):
        """Return what a script fills in from the name while a new speaker is typed."""
        return {} if speaker else {"slug": ["name"]}

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; a name in any script needs no Latin one beside it."""
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = _(
                "Empty: made from the name. It stays the same when the name changes."
            )
        return form

    def save_model(self, request, obj, form, change):
        """Save the speaker, with an address of their own."""
        if not obj.slug:
            obj.slug = free_slug(obj.name, Speaker.objects.for_edition(obj.conference).slugs())
        super().save_model(request, obj, form, change)

    @admin.display(description=_("current picture"))
    def picture_now(self, speaker):
        """Return the picture that the speaker has, as the draft has it."""
        side = SIZES["small"]
        url = reverse("picture", kwargs={"key": speaker.picture.key, "side": side})
        words = {"url": url, "alt": speaker.picture_alt, "side": side}
        return format_html('<img src="{url}" alt="{alt}" width="{side}" height="{side}">', **words)

    @admin.display(description=_("sessions"), empty_value=_("none yet: open a session to put the person into it"))
    def sessions(self, speaker):
        """Return the sessions in which the person appears, each a link to the page on which it is edited."""
        return rows_of_links(
            (
                reverse("admin:conference_session_change", args=[row.session_id]),
                f"{row.session} ({row.get_role_display()})",
            )
            for row in Appearance.objects.filter(speaker=speaker).in_program_order()
        )

    def view_on_site(self, speaker):
        """Return the speaker's public page, or None while the public cannot see it."""
        conference = speaker.conference
        parts = {"year": conference.slug, "slug": speaker.slug}
        return reverse("edition:speaker", kwargs=parts) if conference.is_published else None
