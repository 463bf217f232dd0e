"""The look keeps its promises: contrast of every pair of colours, and forms whose hints and errors are found."""

import itertools
import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.template import Context, Template

from conference.site.looks import LOOKS
from pxp.dev.styleguide.tokens import PAIRS, colours, contrast
from pxp.static_files import style_sheet

pytestmark = pytest.mark.sqlite_only

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Parts of pages: the style guide draws every file of these folders.
PARTS = ["partials", "pxp", "conference/partials", "conference/easy", "registration/partials", "registration/forms"]
PARTS += ["registration/door", "emails", "django"]
# Classes that no page uses yet: the pages of a person and sign-up are being built with them.
NOT_USED = [
    *("acts", "button--on", "chain", "change--here", "disc--wait", "is-on", "is-waiting", "mypage", "next"),
    *("next__disc", "private", "rest", "rows", "said", "signup", "state", "table-scroll", "wide"),
]
# {template: why the style guide does not draw it}
NOT_DRAWN = {
    "pxp/errors.html": "only for the filter as_crispy_errors, which no page of ours uses",
    "pxp/uni_form.html": "only for forms without a layout; ours all have one",
    "pxp/layout/div.html": "only for a Div in a layout; ours have none so far",
    "conference/partials/portrait.html": "a picture from the database: tests/conference/test_portraits.py",
    "conference/partials/kept_look.html": "hidden fields within the GET forms of pages",
    "conference/partials/kept_notice.html": "within <template>, for the service worker: tests/browser/test_offline.py",
    "emails/private.html": "the answer to a request for one's data: tests/registration/test_private.py",
    "pxp/layout/fieldset.html": "only for a Fieldset in a layout; ours have none now",
    "pxp/layout/buttonholder.html": "only for a ButtonHolder in a layout; ours have none so far",
}


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


def test_black_and_white_leaves_no_other_colour():
    tokens = (settings.BASE_DIR / "static" / "site" / "tokens.css").read_text()
    (look,) = re.findall(r"\.contrast-more {(.*?)}", tokens, re.DOTALL)

    said = dict(re.findall(r"--([\w-]+): var\(--(least|most)\);", look))

    assert set(said) == set(colours("light")) - {"least", "most"}
    pairs = [(front, behind) for fronts, grounds, _least in PAIRS for front in fronts for behind in grounds]
    assert [(front, behind) for front, behind in pairs if said[front] == said[behind]] == []


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


def test_first_choice_of_a_group_says_what_is_wrong_with_the_group():
    """Orca says what describes a control, and nothing of the group around it; the summary leads to the first choice."""
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", TwoQuestions({}))

    described = re.findall(r'<(\w+)[^>]* aria-describedby="(id_days\w+)"(?: id="(\w+)")?>', page)

    assert described == [("fieldset", "id_days_helptext", ""), ("input", "id_days_error", "id_days_0")]


def test_form_says_what_is_required_and_calls_nothing_wrong_before_it_is_sent():
    """Firefox tells screen readers that a field with `required` is an invalid entry as long as it is empty."""
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", TwoQuestions())

    assert re.findall(r" required\b", page) == []
    assert re.findall(r'aria-required="true"[^>]* id="([^"]+)"', page) == ["id_name", "id_consent"]


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


# --- The style guide --------------------------------------------------------------------------------------------------


@pytest.fixture
def guide(client, style_guide):
    """The answers of all pages of the style guide, by address; the list of the mails draws each of them."""
    pages = [
        "",
        "mistakes/",
        "again/",
        "first/1/",
        "first/6/",
        "mails/",
        "mails/1/",
        "?text=larger&spacing=wide&contrast=more&font=plain",
    ]
    return {page: client.get(style_guide + page) for page in pages}


def sources(*suffixes):
    """Return {path: text} of our templates and code, but for the style guide, which only shows what others use."""
    roots = [TEMPLATES, *(settings.BASE_DIR / name for name in ("conference", "registration", "pxp", "static"))]
    files = [file for root in roots for file in root.rglob("*.*") if file.suffix in suffixes]
    return {
        file: file.read_text() for file in files if "styleguide" not in file.parts and "migrations" not in file.parts
    }


def test_every_class_of_the_style_sheet_is_used_by_a_page():
    selectors = re.findall(r"([^{}]+){", re.sub(r"/\*.*?\*/", "", style_sheet(), flags=re.DOTALL))
    in_sheet = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}

    used = {name for text in sources(".html", ".svg", ".py", ".js").values() for name in re.findall(r"[\w-]+", text)}
    looks = {f"{name}-{value}" for name, value in LOOKS.items()}

    assert in_sheet - used - looks == set(NOT_USED) - used


def test_every_part_is_used_by_a_page():
    texts = sources(".html", ".svg", ".py")
    parts = {file.relative_to(TEMPLATES).as_posix() for folder in (PARTS[0], *PARTS[2:6]) for file in parts_in(folder)}

    unused = {part for part in parts if not any(is_named(part, text) for text in texts.values())}

    assert unused == set()


def is_named(part, text):
    """Whether a text names a template, or the folder of one that is found by its name."""
    folder, _slash, name = part.rpartition("/")
    return part in text or (folder == "registration/door" and f'"{name.removesuffix(".html")}"' in text)


def parts_in(folder):
    return [file for file in (TEMPLATES / folder).rglob("*.*") if file.suffix in (".html", ".svg")]


@pytest.mark.django_db
def test_every_part_of_a_page_or_a_mail_is_drawn_by_the_style_guide(guide):
    files = [file for folder in PARTS for file in (TEMPLATES / folder).rglob("*.*") if file.suffix in (".html", ".svg")]
    parts = {file.relative_to(TEMPLATES).as_posix() for file in files}

    drawn = {template.name for answer in guide.values() for template in answer.templates}

    assert parts - drawn == set(NOT_DRAWN) & parts


@pytest.mark.django_db
def test_style_guide_leaves_nothing_behind(guide):
    ours = [model for model in apps.get_models() if model._meta.app_label in ("conference", "registration")]

    left = {model.__name__: model.objects.count() for model in ours}

    assert {answer.status_code for answer in guide.values()} == {200}
    assert {name: count for name, count in left.items() if count} == {}


@pytest.mark.django_db
def test_buttons_of_the_style_guide_do_nothing(client, style_guide):
    answer = client.post(style_guide, {"action": "drop", "day": "1"})

    assert (answer.status_code, answer.url) == (302, style_guide)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "mistakes/", "again/", "mails/", "mails/1/"])
def test_style_guide_does_not_exist_on_a_real_site(client, page):
    assert client.get(f"/_styleguide/{page}").status_code == 404


@pytest.mark.django_db
def test_style_guide_has_no_mail_beyond_its_last(client, style_guide):
    assert client.get(f"{style_guide}mails/999/").status_code == 404


@pytest.mark.django_db
def test_summary_names_mistakes_in_the_order_of_the_page(client, style_guide):
    page = client.get(f"{style_guide}mistakes/").text
    summary, _h1, form = page.partition("<h1")

    targets = re.findall(r'<a href="#(id_[^"]+)"', summary)

    assert len(targets) == 5
    assert targets == sorted(targets, key=lambda target: form.index(f' id="{target}"'))


def test_black_on_white_has_the_strongest_contrast():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


def test_no_line_of_a_template_is_longer_than_a_screen():
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]

    lines = [(path.name, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]

    assert [(name, line) for name, line in lines if len(line) > 120] == []
