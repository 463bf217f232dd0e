"""The groups of people who work behind the site, and what each may do: plain data, and one function."""

from django.apps import apps as django_apps
from django.utils.translation import gettext_lazy as _

ORGANISERS = "Organisers"
LEADS = "Leads"
ACCESS_TEAM = "Access team"
PROGRAM = "Program"
REGISTRATION = "Registration"
OBSERVERS = "Observers"
TRANSLATORS = "Translators"

# The roles in the order in which the team's page offers them: {group: (name, what it does)}.
ROLES = {
    LEADS: (_("Lead"), _("Does everything, invites and removes organisers, and reads the history.")),
    ORGANISERS: (_("Organiser"), _("Program and registration together.")),
    PROGRAM: (_("Program"), _("Days, sessions, speakers, pages and their translations.")),
    REGISTRATION: (_("Registration"), _("People, their places, mails, and what sign-up asks.")),
    ACCESS_TEAM: (_("Access"), _("Reads what people need to take part, and answers them.")),
    OBSERVERS: (_("Observer"), _("Sees the numbers on the first page, and no person.")),
    TRANSLATORS: (_("Translator"), _("Translates the words of pages and program, and nothing else.")),
}

ALL = ("view", "add", "change", "delete")
EDIT = ("view", "change")

# What a group may do with each table. Django's own pages of accounts and groups are for superusers; a lead invites and
# removes others on the team's page, never themselves (registration.services.team).
# Access requests are for the Access team alone; registration.admin keeps even superusers out of them.
MAY = {
    PROGRAM: {
        "conference.conference": (*ALL, "translate"),
        "conference.day": ALL,
        "conference.announceddate": ALL,
        "conference.session": ALL,
        "conference.speaker": ALL,
        "conference.appearance": ALL,
        "conference.text": EDIT,
        "registration.remindermark": ALL,
    },
    REGISTRATION: {
        "conference.conference": ("view",),
        "conference.day": ("view",),
        "registration.registrant": EDIT,
        "registration.registration": EDIT,
        "registration.outboxmessage": EDIT,
        "registration.question": ALL,
        "registration.answer": ("view",),
        "registration.broadcast": ALL,
        "registration.lettertext": EDIT,
    },
    ACCESS_TEAM: {
        "registration.accessrequest": EDIT,
    },
    OBSERVERS: {},
    TRANSLATORS: {
        "conference.conference": ("translate",),
    },
}
MAY[ORGANISERS] = MAY[REGISTRATION] | MAY[PROGRAM]
# Those who lead the team do all that organisers do; the team, the history and lost second factors are theirs too
# (`is_lead`).
MAY[LEADS] = MAY[ORGANISERS]


def apply_rights(apps=django_apps, **kwargs):
    """Give each group exactly the rights over our tables that `MAY` names; rights over other tables stay.

    Runs after every `migrate`, so a right that is added or taken away here reaches every site. `apps` is what Django
    hands over then: the tables as they are now. Does nothing if accounts have no tables yet.
    """
    from django.contrib.auth.management import create_permissions

    try:
        groups, permissions = (apps.get_model("auth", name).objects for name in ("Group", "Permission"))
    except LookupError:
        return
    ours = {table.partition(".")[0] for tables in MAY.values() for table in tables}
    for app_label in ours:  # Django makes an app's permissions only when its own turn comes
        create_permissions(django_apps.get_app_config(app_label), verbosity=0)
    rows = permissions.filter(content_type__app_label__in=ours).select_related("content_type")
    by_name = {(row.content_type.app_label, row.codename): row for row in rows}
    for name, tables in MAY.items():
        group, _is_new = groups.get_or_create(name=name)
        wanted = set()
        for table, actions in tables.items():
            app_label, model = table.split(".")
            wanted |= {by_name[app_label, f"{action}_{model}"] for action in actions}
        others = group.permissions.exclude(content_type__app_label__in=ours)
        group.permissions.set([*wanted, *others])


def _groups_of(user):
    """Return the names of a person's groups. One query for each request, whose user keeps them."""
    if not hasattr(user, "_group_names"):
        user._group_names = set(user.groups.values_list("name", flat=True)) if user.is_active else set()
    return user._group_names


def is_in_access_team(user):
    """Whether this person may read what people need. Being a superuser is not enough."""
    return ACCESS_TEAM in _groups_of(user)


def access_team_is_empty():
    """Whether nobody who can log in is on the Access team, so nobody reads what people need."""
    from django.contrib.auth.models import User

    return not User.objects.filter(is_active=True, groups__name=ACCESS_TEAM).exists()


def is_lead(user):
    """Whether this person leads the team."""
    return user.is_active and (user.is_superuser or LEADS in _groups_of(user))
