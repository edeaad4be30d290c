"""The demo: content, contacts and three officers."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction

from embassy import demo_officers

CONTENT = settings.BASE_DIR / "press" / "demo" / "messages.jsonl"


class Command(BaseCommand):
    help = "Load the demo content and contacts and make the demo officers, each once."

    def add_arguments(self, parser):
        """`--yes` stands for: yes, into this database, though it is no developer's."""
        parser.add_argument("--yes", action="store_true", help="load it into a production database too")

    def handle(self, *args, yes=False, **options):
        """Load what is not there yet. Raises CommandError in production without --yes."""
        if not (settings.LOCAL or yes):
            raise CommandError("This is a production database. If it is to hold the demo, say so with --yes.")
        call_command("import_messages", CONTENT, stdout=self.stdout, stderr=self.stderr)
        # Officers may have changed them since.
        is_new = not apps.get_model("consular", "ContactInfo").objects.exists()
        if is_new:
            call_command("loaddata", "demo_contacts", verbosity=0)
        call_command("release_consular_facts", verbosity=0)
        with transaction.atomic():
            passwords = demo_officers.make()
            kept = demo_officers.keep(passwords, settings.LOCAL_DIR / "officers.txt")
            if is_new:
                _give_to(get_user_model().objects.get(username="officer"))
        call_command("illustrate_demo", stdout=self.stdout)
        for username, password in passwords.items():
            self.stdout.write(f"Demo officer {username}, password {password}")
        if passwords and not kept:
            self.stdout.write("Nothing can be written here: note these passwords, they are nowhere else.")


def _give_to(officer):
    """Let the `officer` answer for every number and address of the demo's offices."""
    for model, owner in (("Phone", "owner"), ("EmailAddress", "owner"), ("ContactInfo", "address_owner")):
        apps.get_model("consular", model).objects.update(**{owner: officer})
