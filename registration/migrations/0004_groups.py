from django.db import migrations

from registration.groups import make_groups


def forwards(apps, schema_editor):
    make_groups(apps)


class Migration(migrations.Migration):
    """The groups "Organisers" and "Access team"."""

    dependencies = [
        ("registration", "0003_what_ended_it_and_news"),
        ("conference", "0002_places_windows_and_access"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
