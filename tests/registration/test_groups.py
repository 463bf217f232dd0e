"""The rights of each group are the table's, on new sites and on old ones."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from registration.groups import MAY, ORGANISERS
from tests.support.programs import ROOT


def rights_of(name):
    rows = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def named_in_the_table(name):
    wanted = set()
    for table, actions in MAY[name].items():
        app_label, model = table.split(".")
        wanted |= {f"{app_label}.{action}_{model}" for action in actions}
    return wanted


@pytest.mark.django_db
@pytest.mark.parametrize("name", MAY)
def test_each_group_has_what_the_table_names_after_migrate(name):
    Group.objects.filter(name=name).delete()

    call_command("migrate", verbosity=0)

    assert rights_of(name) == named_in_the_table(name)


@pytest.mark.django_db
def test_a_right_added_to_or_taken_from_the_table_reaches_an_old_site():
    call_command("migrate", verbosity=0)
    group = Group.objects.get(name=ORGANISERS)
    too_few = Permission.objects.get(codename="change_day")
    too_many = Permission.objects.get(codename="delete_conference")
    someone_elses = Permission.objects.get(codename="view_group")
    group.permissions.remove(too_few)
    group.permissions.add(too_many, someone_elses)

    call_command("migrate", verbosity=0)

    assert rights_of(ORGANISERS) == {*named_in_the_table(ORGANISERS), "auth.view_group"}


@pytest.mark.sqlite_only
def test_no_migration_imports_code_that_can_change():
    imports = {
        line
        for file in ROOT.glob("*/migrations/*.py")
        for line in re.findall(r"^(?:from|import) .+", file.read_text(), re.MULTILINE)
        if re.match(r"(from|import) (conference|registration|pxp)\b", line)
    }

    assert imports == set()
