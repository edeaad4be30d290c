from django.contrib.auth.management import create_permissions
from django.db import migrations

PARTS = [f"{act}_{part}" for act in ("add", "change", "delete", "view") for part in ("photo", "attachment")]
OFFICERS = [*PARTS, "add_storedfile", "view_storedfile"]
GROUPS = {"Officers": OFFICERS, "Approvers": [*OFFICERS, "delete_storedfile"]}


def extend_groups(apps, schema_editor):
    # Django makes permissions after all migrations; the groups need them now.
    config = apps.get_app_config("press")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="press")
    for name, codenames in GROUPS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    """Officers upload pictures and files; approvers may also remove those that nothing uses."""

    dependencies = [("press", "0011_file_guards")]

    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop, elidable=False)]
