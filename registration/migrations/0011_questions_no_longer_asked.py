"""Questions that are not asked any more, and keep the answers that are there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0010_call_the_outbox_mails"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="is_asked",
            field=models.BooleanField(
                default=True,
                help_text="Off: the form asks it no more. Answers that are there stay.",
                verbose_name="is asked",
            ),
        ),
    ]
