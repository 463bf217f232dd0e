"""Accounts in the organisers' admin: superusers change them, leads see them and reset a lost second factor."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin.base import PlainAdmin, time_column
from conference.workplace import areas
from pxp.accounts import second_factor
from pxp.accounts.facts import facts_of, shows_second_factor
from pxp.accounts.team import sees_accounts
from registration.admin.actions import ask
from registration.groups import is_lead

LAST_LOGIN = time_column("last_login", gettext_lazy("last login"))

admin.site.unregister(User)

RIGHTS = ("is_active", "is_staff", "is_superuser")


class AccountForm(UserChangeForm):
    """One account. Checks that an account that can change others is left."""

    def clean(self):
        """Refuse to end the only superuser who can log in: nobody could make another."""
        values = super().clean()
        others = User.objects.filter(is_active=True, is_staff=True, is_superuser=True).exclude(pk=self.instance.pk)
        ended = [name for name in RIGHTS if name in self.changed_data and not values.get(name)]
        if ended and all(self.initial.get(name) for name in RIGHTS) and not others.exists():
            for name in ended:
                self.add_error(name, _("This is the only superuser who can log in. First make someone else one."))
        return values


areas.add(areas.TEAM, gettext_lazy("Accounts"), "admin:auth_user_changelist", sees_accounts, position=1)


@admin.register(User)
class AccountAdmin(PlainAdmin, UserAdmin):
    """One account, with whether its second factor is on."""

    form = AccountForm
    list_display = ["username", "email", "is_active", "roles", "second_factor", LAST_LOGIN]
    list_filter = ["is_active"]
    filter_horizontal = []  # Django's two lists with arrows need JavaScript, and are too small for a finger
    actions = ["reset_second_factor"]

    def has_module_permission(self, request):
        return is_lead(request.user) or super().has_module_permission(request)

    def has_view_permission(self, request, obj=None):
        """Whether this organiser is a lead, or has the permission to see accounts."""
        return is_lead(request.user) or super().has_view_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Whether this organiser may delete an account: not their own, and none that has done something.

        Such an account is removed on the team's page, which keeps its name in the history.
        """
        is_used = obj is not None and (obj == request.user or LogEntry.objects.filter(user=obj).exists())
        return super().has_delete_permission(request, obj) and not is_used

    def has_reset_permission(self, request):
        """Whether this organiser may reset a second factor."""
        return is_lead(request.user)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Return the field; roles are boxes to tick."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """Return the account's fields; a lead who is no superuser sees no password, not even how it is kept."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or request.user.is_superuser:
            return fieldsets
        return [(None, {"fields": ["username", "email", "is_active", "groups", "last_login"]})]

    @admin.action(
        description=gettext_lazy("Remove a lost second factor…"),
        permissions=["reset"],
        location=admin.ActionLocation.CHANGE_FORM,
    )
    def reset_second_factor(self, request, queryset):
        """Ask first; then remove it and log that. Its owner is told by mail and sets up a new one."""
        user = queryset.get()
        if user == request.user or not facts_of(user).has_second_factor:
            words = _("Nothing was changed. To remove your own, go to its page.") if user == request.user else ""
            self.message_user(request, words or _("Nothing was changed: it is not switched on."), messages.WARNING)
            return None
        if "post" in request.POST:
            words = str(_("Removed the second factor"))
            second_factor.reset(user, by=request.user, words=words, now=timezone.now())
            self.message_user(request, _("Done. We are telling %(name)s by mail.") % {"name": user}, messages.SUCCESS)
            return None
        sentences = [
            _("This removes the app, recovery codes and passkeys of %(name)s.") % {"name": user},
            _("They log in once with their password alone, then set up a new second factor. We tell them by mail."),
            _("Do this only if you are sure that it is them asking: on the phone, or face to face."),
        ]
        return ask(self, request, title=_("Lost second factor"), sentences=sentences, button=_("Yes, remove it"))

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user):
        """Return the groups that the account is in."""
        return ", ".join(group.name for group in user.groups.all()) or "-"

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, user):
        """Whether it is switched on."""
        return shows_second_factor(user)

    def lock(self, object_id, how=None):
        """Lock all superusers too, so of two who end each other at the same moment one is left."""
        list(User.objects.filter(is_superuser=True).order_by("pk").select_for_update())
        super().lock(object_id)

    def get_queryset(self, request):
        """Return the accounts with their groups and second factors."""
        return super().get_queryset(request).prefetch_related("groups", "authenticator_set")
