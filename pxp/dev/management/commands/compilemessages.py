"""Compiles the catalogues in locale/ for Django; `make install` does it."""

from django.core.management.base import BaseCommand

from pxp import catalogues


class Command(BaseCommand):
    """Replaces Django's own, which needs GNU gettext."""

    help = __doc__

    def handle(self, *args, **options):
        catalogues.compile_catalogues()
