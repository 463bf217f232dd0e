"""Tags for Django's change lists: active filters, and cells that name their column on a phone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def filters_on(cl):
    """Return (title, choice) of each filter that narrows a list (Django's ChangeList)."""
    on = [spec for spec in cl.filter_specs if (spec.value() if hasattr(spec, "value") else spec.used_parameters)]
    chosen = [(spec.title, [choice["display"] for choice in spec.choices(cl) if choice["selected"]]) for spec in on]
    return [(title, words[0]) for title, words in chosen if words]


@register.filter
def sort_state(header):
    """Return the attribute of a column's header that says how the list is sorted by it, or nothing."""
    if not header["sortable"] or not header["sort_priority"]:
        return ""
    return format_html('aria-sort="{}"', "ascending" if header["ascending"] else "descending")


@register.filter
def is_tick(header):
    """Whether a column contains the checkboxes for actions."""
    return "action-checkbox" in (header.get("class_attrib") or "")


@register.filter
def label_cells(cells, headers):
    """Yield the cells of a row, as Django drew them, each with its role and the name of its column.

    A checkbox gets a label around it, large enough for a finger.
    """
    for cell, header in zip(cells, headers, strict=True):
        tag, rest = cell[:3], cell[3:]
        if is_tick(header):
            ticked = rest.replace("<input", '<label class="tick"><input').replace("</td>", "</label></td>")
            yield mark_safe(f'{tag} role="cell"{ticked}')  # noqa: S308 - only safe HTML and our own text
        else:
            role = "rowheader" if tag == "<th" else "cell"
            start = format_html(' role="{}" data-label="{}"', role, capfirst(header["text"]))
            yield mark_safe(tag + start + rest)  # noqa: S308 - parts of safe HTML
