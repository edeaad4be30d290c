from django.contrib.auth.management import create_permissions
from django.db import migrations

KINDS = ("pressrelease", "statement", "qanda")
OFFICERS = [f"{act}_{kind}" for act in ("add", "change", "delete", "view") for kind in KINDS] + [
    "add_message",
    "change_message",
    "view_message",
    *(f"{act}_{part}" for act in ("add", "change", "delete", "view") for part in ("exchange", "signatory")),
    "add_feature",
    "change_feature",
    "view_feature",
    "view_edition",
    "release_message",
]
CONSULAR = {"contactinfo", "phone", "emailaddress", "openinghours", "closure"}
GROUPS = {"Officers": OFFICERS, "Approvers": [*OFFICERS, "approve_message"]}


def create_groups(apps, schema_editor):
    # Django makes permissions after all migrations; the groups need them now.
    for label in ("press", "consular"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(
            *permission.objects.filter(content_type__app_label="press", codename__in=codenames),
            *permission.objects.filter(content_type__app_label="consular", content_type__model__in=CONSULAR),
        )


class Migration(migrations.Migration):
    """The groups of the office: who writes, and who approves too."""

    dependencies = [
        ("press", "0002_edition_guards"),
        ("consular", "0001_offices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop, elidable=False)]
