"""The pages of the style guide. They create rows to render, and roll them back before they answer."""

import re

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from conference.drafts import roll_back
from conference.site.edition import zone_asked_for
from conference.site.looks import LABELS, LOOKS, look_asked_for
from pxp.dev.mailbox import MAIL_POLICY
from registration.forms import AddressForm, AnswersForm, DetailsForm, LostLinkForm, NeedsForm, SignUpForm
from registration.models import Answer
from registration.views.my import switches_of

from . import tokens
from .cast import NOW, Cast
from .mails import mails_of

EASY_PICTURES = settings.BASE_DIR / "templates" / "conference" / "easy"
SCRIPT = re.compile(rb"<script [^>]*></script>")
# A form with every possible mistake and one right answer.
MISTAKES = {"carer_name": "Bob", "name": "…", "email": "ada", "needs": "A quiet line"}
TYPED = MISTAKES | {"carer_name": "", "name": "Zoë O’Brien & Søn", "email": "zoe@example.org"}
TYPED |= {"days": ["1", "3"], "time_zone": "America/Toronto"}


def guide_page(template):
    """Decorate a function `(cast) -> context` so it is a view that draws `template`. Its buttons do nothing."""

    def decorate(context_of):
        @csrf_exempt
        @never_cache
        def wrapper(request):
            if request.method == "POST":
                return redirect(request.get_full_path())
            with roll_back():
                cast = cast_for(request)
                context = {"cast": cast, "looks": looks_of(request), **context_of(cast)}
                return with_one_script(TemplateResponse(request, f"dev/styleguide/{template}", context).render())

        return wrapper

    return decorate


def with_one_script(response):
    """Return the response with only its first script tag: several parts include the same one, each for its own page."""
    if first := SCRIPT.search(response.content):
        end = first.end()
        response.content = response.content[:end] + SCRIPT.sub(b"", response.content[end:])
    return response


def cast_for(request):
    """Return the Cast, with its edition as the visitor wants it (`?tz=`, and how they read) as that of the request."""
    zone, _wrong = zone_asked_for(request)
    cast = Cast(zone=zone, look=look_asked_for(request.GET))
    request.edition, request.conference, request.visitor_zone = cast.edition, cast.conference, zone
    return cast


def looks_of(request):
    """Return (words, address of this page) for each way of reading, and for all of them at once."""
    every = "&".join(f"{name}={value}" for name, value in LOOKS.items())
    single = [(label, f"?{name}={LOOKS[name]}") for name, label in LABELS.items()]
    return [("As it is", request.path), *single, ("All four", f"?{every}")]


@guide_page("index.html")
def index(cast):
    """Every part in its normal state."""
    return {
        "pairs": tokens.pairs(),
        "sizes": tokens.SIZES,
        "spaces": tokens.SPACES,
        "easy_pictures": [f"conference/easy/{file.name}" for file in sorted(EASY_PICTURES.glob("*.svg"))],
        "doors": [(state, f"registration/door/{state}.html", door) for state, door in cast.doors],
        "sign_up_form": sign_up_form(cast, chosen=[1]),
        "switches": switches_of(cast.ada),
        **forms_of(cast),
    }


@csrf_exempt
@never_cache
def first(request, number):
    """One first screen of the home page."""
    with roll_back():
        screens = cast_for(request).first_screens
        if not 0 < number <= len(screens):
            raise Http404
        name, edition, days = screens[number - 1]
        request.edition, request.conference, request.visitor_zone = edition, edition.conference, edition.zone
        context = {"name": name, "days": days, "looks": looks_of(request)}
        return TemplateResponse(request, "dev/styleguide/first.html", context).render()


@guide_page("mistakes.html")
def mistakes(cast):
    """The forms after every mistake."""
    return {"form": sign_up_form(cast, MISTAKES)}


@guide_page("again.html")
def again(cast):
    """The form filled in, and shown once more because its proof of origin was missing."""
    kept = SignUpForm.kept(TYPED, days=cast.days, questions=cast.questions, now=NOW)
    return {"form": kept}


@guide_page("mails.html")
def mails(cast):
    """A list of all mails."""
    return {"mails": mails_of(cast)}


@require_safe
@csp_override(MAIL_POLICY | {"frame-ancestors": [CSP.NONE]})
def mail(request, number):
    """Answer with the HTML part of the mail that is at `number` in the list of all mails."""
    with roll_back():
        found = mails_of(cast_for(request))
    if not 0 < number <= len(found):
        raise Http404
    return HttpResponse(found[number - 1][1])


def sign_up_form(cast, data=None, **fields):
    """Return the sign-up form with its days and the organisers' questions."""
    return SignUpForm(data, days=cast.days, questions=cast.questions, now=NOW, **fields)


def forms_of(cast):
    """Return the small forms, with ids that differ from those of every other form on the page."""
    ada = cast.ada
    forms = {
        "details_form": DetailsForm(registrant=ada),
        "needs_form": NeedsForm(),
        "address_form": AddressForm(registrant=ada),
        "lost_link_form": LostLinkForm(),
        "answers_form": AnswersForm(registrant=ada, questions=cast.questions, answers=Answer.objects.for_person(ada)),
    }
    for name, form in forms.items():
        form.auto_id = f"{name}_%s"
    return forms
