from django.db import migrations


class Migration(migrations.Migration):
    """Made the groups, until they came from a table that is applied after every `migrate` (registration.groups)."""

    dependencies = [
        ("registration", "0003_what_ended_it_and_news"),
        ("conference", "0002_places_windows_and_access"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = []
