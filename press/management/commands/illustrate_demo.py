"""Pictures and a document for the demo's messages, once."""

from django.core.management import BaseCommand

from press.demo_files import illustrate


class Command(BaseCommand):
    help = "Give some of the demo's messages pictures and a document, once (manage.py demo calls it)."

    def handle(self, *args, **options):
        """Tell how many were given some, if any were."""
        if number := illustrate():
            self.stdout.write(f"{number} messages of the demo were given pictures.")
