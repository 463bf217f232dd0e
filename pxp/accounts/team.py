"""The team's page: roles, and invitations that nobody accepted yet; leads invite, change roles and remove."""

from dataclasses import dataclass
from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from conference.admin.form_fields import PastedAddressField
from conference.workplace import areas, handbook
from conference.workplace.own_clock import own_words
from conference.workplace.pages import require_right
from pxp.accounts.facts import shows_second_factor
from registration.groups import ROLES, is_lead
from registration.services import team
from registration.services.invitations import VALID_FOR


def sees_accounts(user):
    """Whether this organiser sees the team's accounts."""
    return is_lead(user) or user.has_perm("auth.view_user")


areas.add(areas.TEAM, gettext_lazy("Team"), "admin:team", sees_accounts, position=0)
handbook.explain("accounts", *(f"admin:team{page}" for page in ("", "-invite", "-roles", "-again", "-remove")))


def urls():
    """Return the addresses of these pages, for the site of organisers."""
    closed = admin.site.admin_view
    return [
        path("team/", closed(show), name="team"),
        path("team/invite/", closed(invite), name="team-invite"),
        path("team/<int:pk>/roles/", closed(roles), name="team-roles"),
        path("team/<int:pk>/again/", closed(invite_again), name="team-again"),
        path("team/<int:pk>/remove/", closed(remove), name="team-remove"),
    ]


@dataclass(frozen=True)
class Member:
    """One account as the page shows it, in words."""

    key: int
    name: str
    email: str
    roles: str
    came: str
    factor: str
    is_you: bool
    waits: bool  # for the invitation to be accepted
    may_choose_roles: bool
    may_change: bool


def _member(account, viewer):
    invited_at = account.organiser.invited_at if hasattr(account, "organiser") else None
    waits = invited_at is not None and not account.has_usable_password()
    if account.last_login:
        came = _("Last login: %(time)s.") % {"time": own_words(account.last_login)}
    elif waits:
        came = _("Invited: %(time)s. Has not accepted yet.") % {"time": own_words(invited_at)}
    else:
        came = _("Has not logged in yet.")
    return Member(
        key=account.pk,
        name=account.get_username(),
        email=account.email,
        roles=_roles_of(account),
        came=came,
        factor=_("The second factor is on.") if shows_second_factor(account) else _("No second factor."),
        is_you=account == viewer,
        waits=waits,
        may_choose_roles=team.may_choose_roles(viewer, account),
        may_change=team.may_change(viewer, account),
    )


def _roles_of(account):
    groups = [group.name for group in account.groups.all()]
    words = team.role_names(groups)
    if not account.is_superuser:
        return words
    return _("Superuser; %(roles)s") % {"roles": words} if set(groups) & ROLES.keys() else _("Superuser")


@require_safe
@require_right(sees_accounts)
def show(request):
    """Show the team: first those who have not accepted the invitation, then the others by name."""
    rows = User.objects.filter(is_active=True, is_staff=True).select_related("organiser").order_by("username")
    members = [_member(row, request.user) for row in rows.prefetch_related("groups", "authenticator_set")]
    members.sort(key=lambda member: not member.waits)
    context = {"members": members, "may_invite": is_lead(request.user)}
    return _draw(request, "list", _("Team"), context)


class RolesForm(forms.Form):
    """Which roles an account has."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one role.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(group, f"{name}. {words}") for group, (name, words) in ROLES.items()]


SEPARATOR = "|"


class SeenRolesForm(RolesForm):
    """The same, with the roles that its page showed, to see whether someone else changed them."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class InvitationForm(RolesForm):
    """Who is invited."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("They log in with it, and the team sees it. Letters and digits, without spaces."),
        max_length=150,
        validators=[
            type(User.username_validator)(message=gettext_lazy("Write it in letters and digits, without spaces."))
        ],
        error_messages={"required": gettext_lazy("Write a name.")},
    )
    email = PastedAddressField(
        label=gettext_lazy("Email address"),
        error_messages={"required": gettext_lazy("Write an email address, like name@example.org.")},
    )
    field_order = ("name", "email", "roles")


def require_lead(may):
    """Decorate a page about one account: for leads who `may` do it to that account, with the account in its address."""

    def decorate(view):
        @require_right(is_lead)
        @wraps(view)
        def wrapper(request, pk):
            account = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
            if account is None and request.method == "POST":
                messages.warning(request, _("This account is not on the team any more."))
                return redirect("admin:team")
            if account is None:
                raise Http404
            if not may(request.user, account):
                raise PermissionDenied
            try:
                return view(request, account)
            except team.NotAllowed:  # someone ended this lead's own account at the same moment
                raise PermissionDenied from None

        return wrapper

    return decorate


@require_right(is_lead)
def invite(request):
    """Ask for a name, an address and the roles; then make the account and send the invitation."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _send_invitation(request, form):
        return redirect("admin:team")
    sentence = _("They get one mail, with a link to choose a password. It works for %(n)d days.") % {
        "n": VALID_FOR.days
    }
    context = {"form": form, "sentence": sentence, "button": _("Invite, and send the mail")}
    return _draw(request, "form", _("Invite an organiser"), context)


def _send_invitation(request, form):
    typed = form.cleaned_data
    try:
        team.invite(typed["name"], typed["email"], typed["roles"], by=request.user, now=timezone.now())
    except team.NameIsTaken:
        if _is_invited(typed):
            messages.warning(request, _("%(name)s is invited already.") % {"name": typed["name"]})
            return True
        form.add_error("name", _("Another organiser has or had this name. Choose another."))
    except team.AddressIsTaken:
        form.add_error("email", _("Another organiser has this address."))
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": typed["email"]})
        return True
    return False


def _is_invited(typed):
    """Whether the invitation was sent before, perhaps by the first of two presses, and nobody has accepted it."""
    same = {"username": typed["name"], "email": typed["email"], "is_active": True}
    account = User.objects.filter(**same).first()
    return account is not None and not account.has_usable_password()


@require_lead(team.may_choose_roles)
def roles(request, account):
    """Show the roles of an account, and keep what is ticked."""
    shown = [group.name for group in account.groups.all()]
    form = SeenRolesForm(request.POST if request.method == "POST" else None, initial={"roles": shown})
    form.fields["seen"].initial = SEPARATOR.join(name for name in shown if name in ROLES)
    form.fields["roles"].required = not account.is_superuser
    if request.method == "POST" and form.is_valid() and _set_roles(request, account, form):
        return redirect("admin:team")
    sentence = _("This takes effect on the next page that %(name)s opens. No mail is sent.") % {"name": account}
    context = {"form": form, "sentence": sentence, "button": _("Save")}
    return _draw(request, "form", _("Roles of %(name)s") % {"name": account}, context)


def _set_roles(request, account, form):
    seen = form.cleaned_data["seen"].split(SEPARATOR) if "seen" in request.POST else None
    try:
        is_changed = team.set_roles(account, form.cleaned_data["roles"], by=request.user, seen=seen)
    except team.RolesChanged as change:
        words = _("Someone else changed the roles in the meantime: %(roles)s. Save again to use yours.")
        form.add_error("roles", words % {"roles": team.role_names(change.roles)})
        form.data = form.data.copy()
        form.data["seen"] = SEPARATOR.join(change.roles)
        return False
    if is_changed:
        messages.success(request, _("The roles of %(name)s are changed.") % {"name": account})
    return True


@require_lead(team.may_change)
def invite_again(request, account):
    """Ask first; then send the invitation once more."""
    if request.method != "POST":
        sentences = [
            _("The mail goes to %(email)s. The link in it works for %(n)d days.")
            % {"email": account.email, "n": VALID_FOR.days}
        ]
        return _ask(request, _("Invite %(name)s again?") % {"name": account}, sentences, _("Send the mail"))
    try:
        team.invite_again(account, by=request.user, now=timezone.now())
    except team.HasCome:
        messages.warning(request, _("No mail was sent: %(name)s has set a password.") % {"name": account})
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": account.email})
    return redirect("admin:team")


@require_lead(team.may_change)
def remove(request, account):
    """Ask first; then end the account."""
    name = account.get_username()
    if request.method == "POST":
        team.remove(account, by=request.user)
        messages.success(request, _("%(name)s is removed from the team.") % {"name": name})
        return redirect("admin:team")
    sentences = [
        _("%(name)s is logged out everywhere at once, and cannot log in any more.") % {"name": name},
        _("What they did stays, and so does their name in the history. No mail is sent."),
    ]
    return _ask(
        request, _("Remove %(name)s from the team?") % {"name": name}, sentences, _("Yes, remove"), is_final=True
    )


def _ask(request, title, sentences, button, *, is_final=False):
    context = admin.site.each_context(request) | {
        "title": title,
        "sentences": sentences,
        "button": button,
        "back_url": reverse("admin:team"),
        "is_final": is_final,
    }
    return TemplateResponse(request, "admin/ask.html", context)


def _draw(request, name, title, context):
    everywhere = admin.site.each_context(request) | {"title": title, "back_url": reverse("admin:team")}
    status = 422 if "form" in context and context["form"].errors else 200
    return TemplateResponse(request, f"organisers/team/{name}.html", everywhere | context, status=status)
