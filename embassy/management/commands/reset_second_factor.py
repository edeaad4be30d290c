"""Take an account's second factor away: for the last administrator, whom no colleague can help."""

from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError

from embassy import second_factor


class Command(BaseCommand):
    help = "Take the second factor of an account away, with its recovery codes, and end its sessions."

    def add_arguments(self, parser):
        """The account."""
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        """Reset it. Raises CommandError where there is no such account, or no second factor."""
        user = _account(username)
        if user is None:
            raise CommandError(f"There is no account {username}.")
        if not second_factor.is_set_up(user):
            raise CommandError(f"{username} has no second factor.")
        second_factor.reset(user)
        self.stdout.write(f"{username} sets a second factor up at the next sign-in, if the account needs one.")


def _account(username):
    try:
        return User.objects.filter(username=username).first()
    except ValueError:
        # No text that the database knows: half a surrogate pair, or NUL.
        return None
