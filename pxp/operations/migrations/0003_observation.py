from django.db import migrations


class Migration(migrations.Migration):
    """Another name for the model; the table keeps its own."""

    dependencies = [("operations", "0002_clock")]

    operations = [
        migrations.AlterModelTable(name="sight", table="operations_sight"),
        migrations.RenameModel(old_name="Sight", new_name="Observation"),
    ]
