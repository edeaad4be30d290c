"""Delete what has lain in the bin for 30 days."""

from django.core.management import BaseCommand

from press.bin import purge


class Command(BaseCommand):
    help = "Delete the drafts that were put into the bin 30 days ago or earlier. Nobody sees them any more anyway."

    def handle(self, *args, **options):
        """Delete them and say how many there were."""
        self.stdout.write(f"Deleted for good: {purge()}")
