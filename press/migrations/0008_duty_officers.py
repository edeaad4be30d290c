from django.contrib.auth.management import create_permissions
from django.db import migrations

NAME = "Duty officers"


def create_group(apps, schema_editor):
    # Django makes permissions after all migrations; the group needs them now.
    config = apps.get_app_config("press")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="press", content_type__model="message", codename="break_glass"
    )
    apps.get_model("auth", "Group").objects.get_or_create(name=NAME)[0].permissions.add(permission)


class Migration(migrations.Migration):
    """Who may release without approval, beside being an officer or an approver."""

    dependencies = [("press", "0007_review_guards")]

    operations = [migrations.RunPython(create_group, migrations.RunPython.noop, elidable=False)]
