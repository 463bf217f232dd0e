"""Brings the catalogues in locale/ up to date with the words in the sources; docs/languages.md."""

from django.core.management.base import BaseCommand, CommandError

from pxp import catalogues


class Command(BaseCommand):
    """Replaces Django's own, which needs GNU gettext and does not read our YAML files."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Only say whether a catalogue is not up to date.")

    def handle(self, *args, **options):
        """Write what changed, and say how much is left to translate."""
        for language in catalogues.languages():
            for part in catalogues.parts_of(language):
                self.update(part, language, only_look=options["check"])

    def update(self, part, language, *, only_look):
        """Bring one catalogue up to date. With `only_look` raises CommandError if it is not up to date."""
        file = catalogues.file_of(part, language)
        catalogue = catalogues.update_catalogue(part, language)
        text = catalogues.as_text(catalogue)
        if not file.exists() or file.read_bytes() != text:
            if only_look:
                raise CommandError(f"{file} is not up to date. Run: manage.py makemessages")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
        left = sum(not catalogues.is_translated(message) for message in catalogue if message.id)
        self.stdout.write(f"{language} {part}: {len(catalogue)} messages, {left} to translate")
        for fault in catalogues.faults_of(catalogue):
            self.stdout.write(f"  {fault}")
