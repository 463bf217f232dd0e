"""The team behind the site: invitations, roles, removal. Each change is logged in the history."""

from collections.abc import Callable, Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registration.groups import ROLES, is_lead
from registration.models import AccountLetter, Organiser
from registration.models.history import note

from .accounts import AccountMailKind, write_to


class NameIsTaken(Exception):
    """Another account has this name."""


class AddressIsTaken(Exception):
    """Another account that can log in has this address."""


class NotAllowed(Exception):
    """This organiser may not do that to this account."""


class RolesChanged(Exception):
    """Someone else has chosen other roles since: `roles` are those now, by the names of their groups."""

    def __init__(self, roles: set[str]) -> None:
        super().__init__()
        self.roles = roles


class HasCome(Exception):
    """This organiser has already set a password, so no invitation is needed."""


def may_change(by: User, user: User) -> bool:
    """Whether `by` may change the roles of an account, or remove it: a lead may, but not their own.

    So nobody can extend their own rights. Only superusers change superusers.
    """
    return is_lead(by) and by != user and (by.is_superuser or not user.is_superuser)


def may_choose_roles(by: User, user: User) -> bool:
    """Whether `by` may choose the roles of an account. Superusers may choose their own too.

    The one right that they lack is to read what people need. A person who runs a conference alone has nobody to ask
    for it.
    """
    return may_change(by, user) or (by == user and by.is_superuser)


def invite(name: str, email: str, roles: Iterable[str], *, by: User, now: datetime) -> User:
    """Make an account without a password, in the groups named in `roles`, and send it an invitation.

    `by` is the lead, `now` a UTC instant. Raises NotAllowed, NameIsTaken and AddressIsTaken.
    """
    if not is_lead(by):
        raise NotAllowed
    if User.objects.filter(username__iexact=name).exists():
        raise NameIsTaken
    if User.objects.filter(email__iexact=email, is_active=True).exists():
        raise AddressIsTaken
    try:
        with transaction.atomic():
            user = User.objects.create_user(name, email, is_staff=True)
            user.groups.set(Group.objects.filter(name__in=roles))
            Organiser.objects.create(user=user, invited_at=now)
            write_to(user, AccountMailKind.INVITATION, now=now)
            note(by, user, _("Invited as: %(roles)s") % {"roles": role_names(roles)}, flag=ADDITION)
    except IntegrityError as error:  # at the same moment another lead took the name
        raise NameIsTaken from error
    return user


@transaction.atomic
def invite_again(user: User, *, by: User, now: datetime) -> None:
    """Send the invitation once more, good for its full time. Raises NotAllowed, and HasCome once it was accepted."""
    _check(by, user)
    if user.has_usable_password():
        raise HasCome
    Organiser.objects.update_or_create(user=user, defaults={"invited_at": now})
    AccountLetter.objects.filter(user=user, kind=AccountMailKind.INVITATION).delete()
    write_to(user, AccountMailKind.INVITATION, now=now)
    note(by, user, _("Invited again"))


@transaction.atomic
def set_roles(user: User, roles: Iterable[str], *, by: User, seen: Iterable[str] | None = None) -> bool:
    """Give an account these roles, and no other of ours. Returns whether that changed anything.

    `seen` are the roles that `by` saw, None for whatever they are. Raises NotAllowed, RolesChanged.
    """
    _check(by, user, may_choose_roles)
    before = set(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
    if before == set(roles):
        return False
    if seen is not None and before != set(seen) - {""}:
        raise RolesChanged(before)
    user.groups.remove(*Group.objects.filter(name__in=ROLES))
    user.groups.add(*Group.objects.filter(name__in=roles))
    names = {"before": role_names(before), "after": role_names(roles)}
    note(by, user, _("Roles: from %(before)s to %(after)s") % names)
    return True


@transaction.atomic
def remove(user: User, *, by: User) -> None:
    """Deactivate an account: it cannot log in, and its sessions end at the next request. Raises NotAllowed.

    Its name stays in the history for what it did. An account that was never used did nothing, so its row is deleted.
    """
    _check(by, user)
    note(by, user, _("Removed from the team"), flag=DELETION)
    if not user.has_usable_password() and not LogEntry.objects.filter(user=user).exists():
        user.delete()
        return
    AccountLetter.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "is_staff", "is_superuser", "password"])


def role_names(roles: Iterable[str]) -> str:
    """Return the roles in words, in the order in which the site lists them."""
    chosen = set(roles)
    return ", ".join(str(name) for group, (name, _words) in ROLES.items() if group in chosen) or _("none")


def _check(by: User, user: User, may: Callable[[User, User], bool] = may_change) -> None:
    """Raise NotAllowed unless `by` still may. Locks both: of two leads who end each other at once, one stays."""
    rows = User.objects.filter(pk__in=(by.pk, user.pk)).order_by("pk").select_for_update()
    by_now = next((row for row in rows if row.pk == by.pk), None)
    if by_now is None or not may(by_now, user):
        raise NotAllowed
