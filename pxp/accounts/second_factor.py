"""Second factors: which accounts need one, whether a session has shown it, and what to do when it is lost."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pxp.accounts.facts import facts_of
from registration.groups import is_in_access_team
from registration.models.history import note
from registration.services.accounts import AccountMailKind, write_to

PERSONAL_TABLES = ("registrant", "registration", "outboxmessage", "answer")


def may_open_personal_pages(user):
    """Whether this account can open a page that names people."""
    return is_in_access_team(user) or any(user.has_perm(f"registration.view_{table}") for table in PERSONAL_TABLES)


def is_missing(request):
    """Whether this session must show a second factor before it continues.

    On a real site (SECOND_FACTOR_IS_NEEDED) everyone who sees people needs one; everywhere, everyone who has one must
    use it. A session that began before it was switched on has not shown it.
    """
    if not settings.SECOND_FACTOR_IS_NEEDED and not facts_of(request.user).has_second_factor:
        return False
    records = get_authentication_records(request, request.user)
    if any(record["method"] == "mfa" for record in records):
        return False
    return facts_of(request.user).has_second_factor or may_open_personal_pages(request.user)


def ask_for_it(request):
    """Return the answer to a session that must show its second factor first: set one up, or enter the code."""
    if facts_of(request.user).has_second_factor:
        address = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"
        return redirect(address if request.method == "GET" else reverse("mfa_reauthenticate"))
    words = _("You see people's data here, so your account needs a second factor. It takes two minutes.")
    messages.warning(request, words)
    return redirect("mfa_index")


def reset(user, *, by, words, now):
    """Remove all second factors of an account. Its owner sets up a new one after the next login.

    `by` is the account of the lead who does it; `words` are for the history. Tells the owner by mail. Returns whether
    there was one.
    """
    factors = Authenticator.objects.filter(user=user)
    if not factors.exists():
        return False
    factors.delete()
    note(by, user, words)
    write_to(user, AccountMailKind.SECOND_FACTOR_RESET, now=now)
    return True
