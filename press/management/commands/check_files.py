"""Whether the storage and the database say the same about files."""

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from press import blobs
from press.models import Rendition


class Command(BaseCommand):
    help = (
        "Read every stored file and compare it with its hash. What is missing or damaged is named, exit status 1; "
        "what no row names is waste of an interrupted upload, and is removed with --remove-waste."
    )

    def add_arguments(self, parser):
        """`--remove-waste` removes what no row names."""
        parser.add_argument("--remove-waste", action="store_true", help="remove the files that no row names")

    def handle(self, *args, remove_waste=False, verbosity=1, **options):
        """Check all. Raises CommandError: something that a row names is not there, or is another file."""
        named = dict(Rendition.objects.order_by("sha256").values_list("sha256", "file__name"))
        faults = [fault for sha256 in tqdm(named, disable=verbosity == 0) if (fault := blobs.fault_of(sha256))]
        waste = sorted(set(blobs.stored()) - named.keys())
        self.stdout.write(f"{len(named)} files are named by the database, {len(waste)} files by nobody.")
        for name in waste:
            self.stdout.write(f"named by nobody: {name}")
        if remove_waste and waste:
            self.stdout.write(f"{blobs.remove_waste(waste)} files removed.")
        for fault in faults:
            self.stderr.write(f"{fault} ({named[fault.rpartition(' ')[2]]})")
        if faults:
            raise CommandError(f"{len(faults)} files are missing or damaged. Bring them back from a backup.")
