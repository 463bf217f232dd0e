from django.db import migrations, models


class Migration(migrations.Migration):
    """A mail names its letter and facts, and the worker writes it; its subject is known from then on."""

    dependencies = [("registration", "0023_doors_needs_and_last_mails")]

    operations = [
        migrations.AddField(
            "outboxmessage",
            "letter",
            models.CharField(
                choices=[
                    ("please_confirm", "Please Confirm"),
                    ("confirmation", "Confirmation"),
                    ("invite", "Invite"),
                    ("update", "Update"),
                    ("cancel", "Cancel"),
                    ("place", "Place"),
                    ("restored", "Restored"),
                    ("link", "Link"),
                    ("address", "Address"),
                    ("address_asked", "Address Asked"),
                    ("address_changed", "Address Changed"),
                    ("private", "Private"),
                    ("reminder", "Reminder"),
                    ("need_answer", "Need Answer"),
                ],
                default="address_changed",
                editable=False,
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "outboxmessage",
            "language",
            models.CharField(default="en", editable=False, max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            "outboxmessage",
            "fault",
            models.CharField(
                blank=True,
                choices=[
                    ("letter", "The site cannot write this letter"),
                    ("server", "A mail server takes no mail from us"),
                ],
                max_length=10,
                verbose_name="waits because",
            ),
        ),
        migrations.AddField("outboxmessage", "sequence", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField("outboxmessage", "starts_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("outboxmessage", "ends_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "outboxmessage", "facts", models.JSONField(blank=True, default=dict, editable=False)
        ),
        migrations.AlterField(
            "outboxmessage",
            "subject",
            models.CharField(blank=True, max_length=300, verbose_name="subject"),
        ),
    ]
