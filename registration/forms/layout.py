"""Parts of a form's layout that crispy-forms does not bring."""

from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Disclosure(LayoutObject):
    """Fields that few people need, behind a line to press. It is open while one of them holds something."""

    template = "pxp/layout/disclosure.html"

    def __init__(self, summary: str | Promise, *fields: Any) -> None:
        self.summary = summary
        self.fields = list(fields)

    def render(self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        is_open = any(form[part].errors or form[part].value() for part in self.fields if isinstance(part, str))
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"summary": self.summary, "fields": fields, "is_open": is_open})
