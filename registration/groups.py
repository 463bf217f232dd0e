"""The two groups of people who work behind the site, and what each may do: plain data, and one function."""

ORGANISERS = "Organisers"
ACCESS_TEAM = "Access team"

ALL = ("view", "add", "change", "delete")
EDIT = ("view", "change")

# What a group may do with each table. Accounts and groups are for superusers, so nobody can raise themselves.
# Access requests are for the Access team alone; registration.admin keeps even superusers out of them.
MAY = {
    ORGANISERS: {
        "conference.conference": ("view", "add", "change"),
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
        "registration.answer": ("view",),
    },
    ACCESS_TEAM: {
        "registration.accessrequest": EDIT,
    },
}


def make_groups(apps):
    """Give both groups all the permissions that `MAY` names; what somebody else added to a group stays.

    `apps` is the registry to take tables from: a migration's own, or django.apps.apps. Permissions are made here
    if they are not there yet: Django makes them only after all migrations have run.
    """
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for name, tables in MAY.items():
        group, _ = Group.objects.get_or_create(name=name)
        for table, actions in tables.items():
            app_label, model = table.split(".")
            content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
            for action in actions:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {model}"},
                )
                group.permissions.add(permission)


def is_in_access_team(user):
    """Whether this person may read what people need. Being a superuser is not enough. Asks one query per request."""
    if not hasattr(user, "_is_in_access_team"):
        user._is_in_access_team = user.is_active and user.groups.filter(name=ACCESS_TEAM).exists()
    return user._is_in_access_team
