from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = {"Officers": ("view", "change"), "Approvers": ("view", "change", "delete")}


def give_rights(apps, schema_editor):
    # Django makes permissions after all migrations; the groups need them now.
    config = apps.get_app_config("press")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission")
    for name, acts in RIGHTS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        codenames = [f"{act}_binnedmessage" for act in acts]
        group.permissions.add(*permission.objects.filter(content_type__app_label="press", codename__in=codenames))


class Migration(migrations.Migration):
    """Officers take drafts out of the bin, approvers also delete them for good."""

    dependencies = [("press", "0018_guards_of_remarks_and_bin")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=False)]
