"""The look keeps its promises: contrast of every pair of colours, and forms whose hints and errors are found."""

import itertools
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template

CSS = Path(__file__).parent.parent / "static" / "site.css"
GROUNDS = ("paper", "tint", "leaf")
# (roles in front, grounds behind, least contrast), WCAG 2.2: 1.4.6 for text, 1.4.11 for controls, kept at 4.5 here
PAIRS = [
    (("ink", "soft", "accent", "accent-strong", "good"), (*GROUNDS, "band"), 7),
    (("bad",), ("paper", "blush"), 7),
    (("warn",), ("paper", "sand"), 7),
    (("ink",), ("blush", "sand"), 7),
    (("on-accent",), ("accent", "accent-strong"), 7),
    (("on-purple",), ("purple",), 7),
    (("on-green",), ("green",), 7),
    (("line", "bad"), ("paper", "tint"), 4.45),
]


class TwoQuestions(forms.Form):
    """One of each kind of field that our templates draw."""

    name = forms.CharField(label="Name", help_text="A first name is fine.")
    days = forms.MultipleChoiceField(
        label="Which days?",
        help_text="Any.",
        choices=[("1", "Day 1"), ("2", "Day 2")],
        widget=forms.CheckboxSelectMultiple,
    )
    needs = forms.CharField(label="Needs", required=False, widget=forms.Textarea)
    consent = forms.BooleanField(label="I agree.")


def colours(scheme):
    """Return the colour of each role in "light" or "dark", as (red, green, blue)."""
    tokens = CSS.read_text().split("@layer tokens")[1].split("@layer base")[0]
    light, dark = tokens.split("@media (prefers-color-scheme: dark)")
    found = {}
    for part in (light, dark) if scheme == "dark" else (light,):
        for role, value in re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", part):
            digits = value if len(value) == 6 else "".join(digit * 2 for digit in value)
            found[role] = tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return found


def contrast(one, other):
    """Return the contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21."""

    def luminance(colour):
        shares = [part / 255 for part in colour]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rendered(template, form):
    """Return the HTML of a template that gets `form`."""
    return Template(template).render(Context({"form": form}))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "behind", "least"), PAIRS)
def test_colours_hold_their_contrast(scheme, front, behind, least):
    colour = colours(scheme)

    weak = {
        f"{one} on {other}": round(contrast(colour[one], colour[other]), 2)
        for one, other in itertools.product(front, behind)
        if contrast(colour[one], colour[other]) < least
    }

    assert weak == {}


@pytest.mark.parametrize("data", [None, {}])
def test_form_describes_its_fields_by_what_is_on_the_page(data):
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", TwoQuestions(data))

    described = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}

    expected = {"id_name_helptext", "id_days_helptext"}
    if data is not None:
        expected |= {"id_name_error", "id_days_error", "id_consent_error"}
    assert described == expected
    assert described <= set(re.findall(r' id="([^"]+)"', page))


def test_form_says_label_hint_and_error_before_the_control():
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", TwoQuestions({}))

    order = [
        page.index(part) for part in ('for="id_name"', 'id="id_name_helptext"', 'id="id_name_error"', 'id="id_name"')
    ]

    assert order == sorted(order)


def test_form_leaves_checkboxes_without_aria_invalid():
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", TwoQuestions({}))

    invalid = re.findall(r'<(?:input|textarea)[^>]*aria-invalid[^>]*id="([^"]+)"', page)

    assert re.findall(r'type="checkbox"[^>]*aria-invalid', page) == []
    assert invalid == ["id_name"]


def test_form_marks_what_may_be_left_out_in_words():
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", TwoQuestions())

    assert page.count("(optional)") == 1
    assert " novalidate" in page


def test_error_summary_leads_to_the_first_input_of_each_fault():
    form = TwoQuestions({})
    page = rendered('{% include "partials/error_summary.html" %}{% load crispy_forms_tags %}{% crispy form %}', form)

    targets = re.findall(r'<a href="#([^"]+)"', page)

    assert targets == ["id_name", "id_days_0", "id_consent"]
    assert set(targets) <= set(re.findall(r' id="([^"]+)"', page))


def test_error_summary_is_not_there_without_errors():
    assert rendered('{% include "partials/error_summary.html" %}', TwoQuestions()).strip() == ""
