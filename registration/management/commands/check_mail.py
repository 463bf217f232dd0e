"""manage.py check_mail: sends a test mail, and says in plain words whether other servers will trust our mails."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from registration.addresses import ascii_address, sender_address
from registration.mail.delivery import Delivery, DeliveryError, to_bytes
from registration.mail.dns_check import USUAL_SELECTORS, NoNetwork, check_domain
from registration.mail.rows import new_message_id


class Command(BaseCommand):
    """Send one mail past the outbox, straight to the mail server, and look the sender's domain up in the DNS."""

    help = "Send a test mail to an address, and check SPF, DKIM and DMARC of the sender's domain."

    def add_arguments(self, parser):
        parser.add_argument("address", help="where the test mail goes, like you@example.org")
        parser.add_argument("--selector", action="append", help="the name of your DKIM key, if you know it")

    def handle(self, *, address, selector, **options):
        """Do both; exit with code 1 if anything is not in order."""
        try:
            validate_email(address)
            ascii_address(address).encode("ascii")
        except (ValidationError, UnicodeError):
            raise CommandError(f"{address} is not an email address. Give one like you@example.org.") from None
        was_taken = self.send(address)
        is_in_order = self.look_up(selector or USUAL_SELECTORS)
        if not (was_taken and is_in_order):
            raise CommandError("Not everything is in order. See above what to do.")

    def send(self, address):
        """Send the mail and say how that went. Returns whether the server took it."""
        words = "This mail shows that the site can send. You need not answer."
        html = f'<!doctype html><html lang="en"><title>A test mail from PxP</title><p>{words}</p></html>'
        message = EmailMultiAlternatives(
            "A test mail from PxP",
            f"{words}\n",
            to=[ascii_address(address)],
            headers={"Message-ID": f"<{new_message_id()}>"},
            alternatives=[(html, "text/html")],
        )
        delivery = Delivery(settings.MAILERS["default"]["OPTIONS"])
        try:
            sender = sender_address(settings.DEFAULT_FROM_EMAIL)
            delivery.send(to_bytes(message), sender=sender, recipient=ascii_address(address))
        except DeliveryError as error:
            self.stdout.write(f"[  ] Mail: it could not be sent. {error}")
            return False
        finally:
            delivery.close()
        self.stdout.write("[ok] Mail: the mail server took it. Look in your mailbox, and in the spam folder.")
        return True

    def look_up(self, selectors):
        """Say what the DNS knows of the sender. Returns whether all is in order."""
        domain = sender_address(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
        try:
            findings = check_domain(domain, selectors=selectors)
        except NoNetwork:
            self.stdout.write("[  ] SPF, DKIM, DMARC: no name server answers, so nothing can be said about them.")
            self.stdout.write("     Is this machine connected? Try again where it is.")
            return False
        for finding in findings:
            self.stdout.write(f"[{'ok' if finding.is_in_order else '  '}] {finding.name}: {finding.words}")
        return all(finding.is_in_order for finding in findings)
