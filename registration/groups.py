"""The groups of people who work behind the site, and what each may do: plain data, and one function."""

from django.apps import apps as django_apps

ORGANISERS = "Organisers"
LEADS = "Leads"
ACCESS_TEAM = "Access team"

ALL = ("view", "add", "change", "delete")
EDIT = ("view", "change")

# The rights of each group on each table. Only superusers manage accounts and groups, so nobody can raise themselves.
# Access requests are for the Access team alone; registration.admin keeps even superusers out of them.
MAY = {
    ORGANISERS: {
        "conference.conference": (*ALL, "translate"),
        "conference.day": ALL,
        "conference.announceddate": ALL,
        "conference.session": ALL,
        "conference.speaker": ALL,
        "conference.appearance": ALL,
        "conference.text": EDIT,
        "registration.registrant": EDIT,
        "registration.registration": EDIT,
        "registration.outboxmessage": EDIT,
        "registration.question": ALL,
        "registration.remindermark": ALL,
        "registration.answer": ("view",),
        "registration.broadcast": ALL,
        "registration.lettertext": EDIT,
    },
    ACCESS_TEAM: {
        "registration.accessrequest": EDIT,
    },
}
# Those who lead the team do all that organisers do; the history and lost second factors are theirs too (`is_lead`).
MAY[LEADS] = MAY[ORGANISERS]


def apply_rights(apps=django_apps, **kwargs):
    """Give each group exactly the rights over our tables that `MAY` names; rights over other tables stay.

    Runs after every `migrate`, so a right that is added or taken away here reaches every site. `apps` is what Django
    hands over then: the tables as they are now. Does nothing where accounts have no tables yet.
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
        group, _ = groups.get_or_create(name=name)
        wanted = set()
        for table, actions in tables.items():
            app_label, model = table.split(".")
            wanted |= {by_name[app_label, f"{action}_{model}"] for action in actions}
        others = group.permissions.exclude(content_type__app_label__in=ours)
        group.permissions.set([*wanted, *others])


def _groups_of(user):
    """Return the names of a person's groups. Asks one query per request."""
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
