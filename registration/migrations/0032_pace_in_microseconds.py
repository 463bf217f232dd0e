"""A pace is a number from here on. Those that ran until now are forgotten: each begins anew, with its whole burst."""

from django.db import migrations, models


def forget_paces(apps, schema_editor):
    """Empty the table: it says for minutes at most how far ahead some mails are."""
    apps.get_model("registration", "Pace").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("registration", "0031_translations")]

    operations = [
        migrations.RunPython(forget_paces, forget_paces),
        migrations.RemoveField("pace", "free_at"),
        migrations.AddField(
            "pace",
            "free_at",
            models.BigIntegerField(default=0, verbose_name="free again, in microseconds since 1970 in UTC"),
            preserve_default=False,
        ),
    ]
