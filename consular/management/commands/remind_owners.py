"""Mail the owners of consular facts that nobody has checked for too long: for a daily timer."""

from django.core.management import BaseCommand

from consular.freshness import remind_owners
from embassy import clock


class Command(BaseCommand):
    help = "Mail each owner of a telephone number, e-mail or postal address that nobody has checked for too long."

    def handle(self, *args, **options):
        """Send the mails that are due; once a week for each fact, however often it is run."""
        sent = remind_owners(clock.database_now())
        self.stdout.write(f"Mails sent: {sent}.")
