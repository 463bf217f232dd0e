"""The organisers' own questions for the sign-up form, in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.admin.asking import AsksFirst
from conference.admin.base import PlainAdmin
from conference.admin.changes import RefreshesPages
from conference.pasted_text import without_bullets
from registration.models import Answer, Question, QuestionKind
from registration.services.answers import people_who_chose, rename_options, renamed_options

from .filters import EditionFilter


class QuestionForm(forms.ModelForm):
    """One question. Checks that a question with choices has some."""

    class Meta:
        model = Question
        fields = ["conference", "label", "hint", "kind", "options", "is_required", "is_asked", "position"]

    def clean(self):
        """Refuse a choice of fewer than two answers, and a new kind once people have answered."""
        values = super().clean()
        kind, options = values.get("kind"), values.get("options", "")
        if kind in (QuestionKind.ONE, QuestionKind.SEVERAL) and "options" in values:
            lines = Question(options=without_bullets(options)).option_list
            if len(lines) < 2:
                self.add_error("options", _("Write at least two answers to choose from, one a line."))
            values["options"] = "\n".join(lines)
        changed = {"kind", "conference"} & set(self.changed_data) & set(values)
        if self.instance.pk and changed and Answer.objects.for_question(self.instance).exists():
            for name in changed:
                self.add_error(name, _("People have answered already, so this stays. Add a new question instead."))
        return values


@admin.register(Question)
class QuestionAdmin(AsksFirst, RefreshesPages, PlainAdmin):
    """One question of one edition's form."""

    form = QuestionForm
    list_display = ["label", "kind", "is_required", "is_asked", "position", "people"]
    list_display_links = ["label"]
    list_filter = [EditionFilter]
    ordering = ["-conference__slug", "position", "pk"]
    search_fields = ["label"]
    search_help_text = _("Search by words of the question.")
    fieldsets = [
        (
            None,
            {
                "fields": ["conference", "label", "hint", "kind", "options", "is_required", "is_asked", "position"],
                "description": _(
                    "Ask little: each question takes energy. All organisers read the answers, so do not ask "
                    "about health. The form already asks what people need to take part, and only "
                    "the Access team reads that."
                ),
            },
        ),
    ]
    what_to_do_instead = _("To stop asking, open the question, untick “is asked”, and save.")

    def save_model(self, request, obj, form, change):
        """Save the question; answers that are given follow corrected words."""
        super().save_model(request, obj, form, change)
        if change and "options" in form.changed_data:
            before = Question(options=form.initial["options"]).option_list
            rename_options(obj, renamed_options(before, obj.option_list))

    def questions_about(self, before, after, now):
        """Ask about words that people chose already: whether they are corrected, or no longer offered."""
        if before is None or not before.has_options:
            return []
        names = renamed_options(before.option_list, after.option_list)
        gone = [words for words in before.option_list if words not in after.option_list and words not in names]
        # Corrected answers have their new words by now.
        chosen = people_who_chose(after, [*names.values(), *gone])
        corrected = [(old, new, chosen[new]) for old, new in names.items() if new in chosen]
        return [
            ngettext(
                "%(n)d person chose “%(old)s”. Their answer becomes “%(new)s”.",
                "%(n)d people chose “%(old)s”. Their answers become “%(new)s”.",
                people,
            )
            % {"n": people, "old": old, "new": new}
            for old, new, people in corrected
        ] + [
            ngettext(
                "%(n)d person chose “%(old)s”, which is no longer offered. Their answer stays.",
                "%(n)d people chose “%(old)s”, which is no longer offered. Their answers stay.",
                chosen[old],
            )
            % {"n": chosen[old], "old": old}
            for old in gone
            if old in chosen
        ]

    def get_queryset(self, request):
        """Return the questions with the number of people who answered."""
        return super().get_queryset(request).with_answer_counts()

    @admin.display(description=_("answers"), ordering="people")
    def people(self, question):
        """Return how many people answered."""
        return ngettext("%(n)d answer", "%(n)d answers", question.people) % {"n": question.people}
