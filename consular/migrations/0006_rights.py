from django.contrib.auth.management import create_permissions
from django.db import migrations

# Approvals, editions, checks and history come about by acts only: nobody needs a right to add or change them.
WRITTEN = ("contactinfo", "phone", "emailaddress", "openinghours", "exceptionalday", "service", "notice", "facts")
RIGHTS = {
    "Officers": ["release_document"],
    "Approvers": ["release_document", "approve_document"],
    "Duty officers": ["break_glass"],
}


def give_rights(apps, schema_editor):
    # Django makes permissions after all migrations; the groups need them now.
    config = apps.get_app_config("consular")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="consular")
    for name, codenames in RIGHTS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permissions.filter(content_type__model="document", codename__in=codenames))
        if name != "Duty officers":
            group.permissions.add(*permissions.filter(content_type__model__in=WRITTEN))


class Migration(migrations.Migration):
    """Who may write, release and approve consular facts and notices: the groups of messages, likewise."""

    dependencies = [
        ("consular", "0005_edition_guards"),
        ("press", "0008_duty_officers"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=False)]
