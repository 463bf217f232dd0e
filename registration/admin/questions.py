"""The organisers' own questions for the sign-up form, in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.admin.base import PlainAdmin
from registration.models import Answer, Question

from .filters import EditionFilter


class QuestionForm(forms.ModelForm):
    """One question. Checks that there is something to choose from where people choose."""

    class Meta:
        model = Question
        fields = ["conference", "label", "hint", "kind", "options", "is_required", "is_asked", "position"]

    def clean(self):
        """Refuse a choice of fewer than two answers, and a new kind once people have answered."""
        values = super().clean()
        kind, options = values.get("kind"), values.get("options", "")
        if kind in (Question.Kind.ONE, Question.Kind.SEVERAL) and "options" in values:
            lines = Question(options=options).option_list
            if len(lines) < 2:
                self.add_error("options", _("Write at least two answers to choose from, one a line."))
            values["options"] = "\n".join(lines)
        changed = {"kind", "conference"} & set(self.changed_data) & set(values)
        if self.instance.pk and changed and Answer.objects.to(self.instance).exists():
            for name in changed:
                self.add_error(name, _("People have answered already, so this stays. Add a new question instead."))
        return values


@admin.register(Question)
class QuestionAdmin(PlainAdmin):
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
                    "Ask little: each question costs people strength. All organisers read the answers, so do not ask "
                    "about health. What people need to take part is asked for by itself, and goes to the Access team."
                ),
            },
        ),
    ]
    what_to_do_instead = _("To stop asking, open the question, remove the tick at “is asked”, and save.")

    def get_queryset(self, request):
        """Return the questions with the number of people who answered."""
        return super().get_queryset(request).counted()

    @admin.display(description=_("answers"), ordering="people")
    def people(self, question):
        """Return how many people answered."""
        return ngettext("%(n)d answer", "%(n)d answers", question.people) % {"n": question.people}
