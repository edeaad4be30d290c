from django.contrib.auth.management import create_permissions
from django.db import migrations

# A new topic is seen by nobody until a text that has it is live; another name is seen by everybody at once.
RIGHTS = {"Officers": ("view", "add"), "Approvers": ("view", "add", "change", "delete")}


def give_rights(apps, schema_editor):
    # Django makes permissions after all migrations; the groups need them now.
    config = apps.get_app_config("press")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="press")
    for name, acts in RIGHTS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=[f"{act}_topic" for act in acts]))


class Migration(migrations.Migration):
    """Officers add topics, approvers also rename and delete them."""

    dependencies = [("press", "0028_topic_guards")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=False)]
