"""`manage.py reset_second_factor NAME`: for the person who runs the site, when no lead can log in."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pxp.accounts import second_factor


class Command(BaseCommand):
    """Removes the second factor of one account and logs that."""

    help = "Take away the second factor of an organiser who lost it. Its owner is told by mail."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        """Do it; raise CommandError if there is no such account or no second factor."""
        accounts = get_user_model()
        try:
            user = accounts.objects.get(username=username)
        except accounts.DoesNotExist:
            raise CommandError(f"There is no account with the user name {username!r}.") from None
        words = "Second factor removed with manage.py on the server"
        if not second_factor.reset(user, by=user, words=words, now=timezone.now()):
            raise CommandError(f"{username} has no second factor.")
        self.stdout.write(f"Done. {username} logs in with the password, and then sets up a new second factor.")
