"""Release the consular facts in nobody's name: for the demo, and once after an upgrade that brought editions."""

from django.core.management import BaseCommand

from consular.acts import release_as_operator


class Command(BaseCommand):
    help = "Release the consular facts as the tables have them, without approval, if they never were released."

    def handle(self, *args, **options):
        """Release them now, and say so."""
        edition = release_as_operator()
        if options["verbosity"]:
            self.stdout.write(
                f"Released as edition {edition.number}." if edition else "Only officers release them now."
            )
