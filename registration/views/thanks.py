"""The page after signing up: where the mail went, and what to do when that address is wrong or nothing comes."""

from functools import wraps

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from conference.models import Day
from conference.site.edition import with_conference
from registration.abuse import budget, limits
from registration.forms import AnotherAddressForm
from registration.forms import receipt as receipts
from registration.pages.enough_mail import enough_words, minutes_to_wait
from registration.services import sign_up as service
from registration.services.errors import RegistrationClosed
from registration.services.lost_link import ask_for_links

from .sign_up import thanks_page
from .slow_down import count_lost_link, count_sign_up, mark_too_many_requests


@require_safe
@with_conference
def thanks(request):
    """Say what happens next. The page is the same for everybody, so its address can be opened and kept."""
    return TemplateResponse(request, "registration/thanks.html")


def with_receipt(view):
    """Give a view the Receipt in its address; an old or wrong one leads to the page that knows nothing."""

    @csrf_exempt  # the sealed address is the proof
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @with_conference
    @wraps(view)
    def wrapper(request, token):
        try:
            receipt = receipts.open_receipt(token)
        except receipts.BadReceipt:
            return redirect("sign-up:thanks")
        response = view(request, receipt)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapper


@with_receipt
def thanks_to(request, receipt):
    """Show the address. POST sends the mail again, or signs the same person up with another address."""
    if request.method != "POST":
        return render_page(request, receipt, AnotherAddressForm(initial={"email": receipt.email}))
    is_again, now = "again" in request.POST, request.edition.now
    form = AnotherAddressForm({"email": receipt.email} if is_again else request.POST)
    if not form.is_valid():
        return render_page(request, receipt, form, status=422)
    if seconds := (count_lost_link if is_again else count_sign_up)(request, form, now):
        return mark_too_many_requests(render_page(request, receipt, form, is_refused=is_again), seconds)
    if is_again:
        ask_for_links(request.conference, receipt.email, network=limits.network_of(request), now=now)
        return render_page(request, receipt, form, is_sent_again=True)
    newer = receipt.for_address(form.cleaned_data["email"], now)
    if not replace_sign_up(request, receipt, newer):
        form.add_error("email", _("Sign-up has just closed."))
        return render_page(request, receipt, form, status=422)
    return redirect(thanks_page(request, newer))


def replace_sign_up(request, receipt, newer):
    """Sign up the person of `newer` in the place of the one of `receipt`. Return whether their days take sign-ups."""
    days = [day for day in Day.objects.for_edition(request.conference).with_conference() if day.number in newer.days]
    try:
        service.sign_up_instead(
            request.conference,
            was=receipt.person,
            was_at=receipt.at,
            person=newer.person,
            days=days,
            needs=newer.needs,
            answers=newer.answers,
            network=limits.network_of(request),
            now=newer.at,
        )
    except RegistrationClosed:
        return False
    return True


def render_page(request, receipt, form, *, status=200, is_sent_again=False, is_refused=False):
    """Return the page for one receipt: its mail is on its way, or waits because the address got enough for today.

    `is_sent_again` is after a button that works, `is_refused` after one that does not: the form says already why.
    """
    now = request.edition.now
    left_at = None if is_sent_again else budget.last_left_at(receipt.email, now=now, asked_at=receipt.at)
    context = {
        "receipt": receipt,
        "form": form,
        "is_sent_again": is_sent_again,
        "is_on_its_way": not (left_at or is_refused),
        "minutes": minutes_to_wait(receipt.email, network=limits.network_of(request), now=now),
        "enough": enough_words(left_at, now) if left_at and not is_refused else "",
    }
    return TemplateResponse(request, "registration/thanks.html", context, status=status)
