"""Two organisers edit the same row: fields that the later one did not change keep the first one's change.

Each form carries, signed, the values that its organiser saw. On saving they are compared with what is there now.
"""

from datetime import date, datetime

from django.core import signing
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .history import value_words

FIELD = "_seen"  # the name of the hidden field
SALT = "pxp.admin.seen"


def sign_seen_values(forms):
    """Return a signed text that says what is in the database now behind each of these bound or unbound ModelForms."""
    rows = [form for form in forms if form.instance.pk]
    values = {
        _key(form): {name: _encode(form[name].initial) for name in form.fields} | getattr(form, "shown_of_draft", {})
        for form in rows
    }
    return signing.dumps(values, salt=SALT, compress=True)


def add_conflict_check(form_class, request):
    """Return the ModelForm class that also checks what the organiser saw, if the request has that."""
    if request.method != "POST" or FIELD not in request.POST:
        return form_class
    try:
        seen = signing.loads(request.POST[FIELD], salt=SALT)
    except signing.BadSignature:
        return form_class
    checks = {
        "all_seen": seen,
        "unsaved_action": getattr(request, "unsaved_action", ""),
        "of_draft": getattr(request, "replaced_draft", {}),
    }
    return type(form_class.__name__, (ConflictCheckForm, form_class), checks)


class ConflictCheckForm:
    """Mixin for a ModelForm, added by `add_conflict_check`."""

    all_seen = {}
    unsaved_action = ""  # the label of an action whose button was pressed instead of “Save”
    of_draft = {}  # {key of a form: {column: plain value}} of a draft whose values this save replaces

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept_of_others = []
        self.in_conflict = []
        self.theirs, self.shown_of_draft = {}, {}
        seen = self.all_seen.get(_key(self), {}) if self.is_bound and self.instance.pk else {}
        for name, was in seen.items():
            if name in self.fields and _encode(self[name].initial) != was:
                self._weigh(name, was)
            if name in self.fields:
                self._weigh_draft(name, was, seen)

    def _weigh_draft(self, name, was, seen):
        """Someone else changed a field in the draft: ask before other words replace theirs."""
        columns = {column.name: column for column in self.instance._meta.concrete_fields}
        drafted, column = self.of_draft.get(_key(self), {}), columns.get(name)
        if column is None or column.attname not in drafted:
            return
        theirs, mark = column.to_python(drafted[column.attname]), f"draft:{name}"
        self.shown_of_draft[mark] = _encode(theirs)
        if _encode(theirs) in (was, seen.get(mark)):
            return
        field = self.fields[name]
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        if field.has_changed(_decode(was), typed) and field.has_changed(theirs, typed):
            self.theirs[name] = theirs
            self.in_conflict += [] if name in self.in_conflict else [name]

    def _weigh(self, name, was):
        """Someone else changed a field: keep their value unless this organiser typed another."""
        field = self.fields[name]
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        if not field.has_changed(_decode(was), typed):
            self.kept_of_others.append(name)
        elif field.has_changed(self[name].initial, typed):
            self.in_conflict.append(name)

    def full_clean(self):
        """Check all fields; those with another organiser's change take the database's value."""
        for name in self.kept_of_others:
            self.fields[name].disabled = True  # Django then takes what is in the database
        super().full_clean()
        for name in self.kept_of_others:
            field = self.fields[name]
            field.disabled = False
            field.bound_data = lambda _typed, now: now
            field.has_changed = lambda *_values: False

    def _post_clean(self):
        super()._post_clean()
        for name in self.in_conflict:
            words = _(
                "In the meantime someone else wrote: “%(theirs)s”. Your words are still here. Save again to use yours."
            )
            self.add_error(name, words % {"theirs": self.words_of_others(name)})
        if self.unsaved_action:
            words = _("You changed something on this page. Save it first, then press “%(action)s” again.")
            self.add_error(None, words % {"action": self.unsaved_action})

    def words_of_others(self, name):
        """Return the database's current value, for people to read."""
        words = value_words(self.fields[name], self.theirs.get(name, self[name].initial))
        return Truncator(words).chars(300) or _("nothing")

    def labels_kept(self):
        """Return the labels of the fields that keep someone else's change."""
        return [str(self.fields[name].label) for name in self.kept_of_others]


def _key(form):
    return f"{form._meta.model._meta.label_lower}:{form.instance.pk}"


def _encode(value):
    """Return a form's value in a form that JSON can hold, with its type if JSON does not have it."""
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, list | tuple):
        return ["list", [_encode(getattr(item, "pk", item)) for item in value]]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _decode(value):
    if not isinstance(value, list):
        return value
    kind, inner = value
    if kind == "list":
        return [_decode(item) for item in inner]
    return {"datetime": datetime, "date": date}[kind].fromisoformat(inner)
