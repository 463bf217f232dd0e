"""Static files as they are served: one style sheet from its layers, without spare bytes, a hash in each name."""

import re
import tempfile
from itertools import accumulate
from pathlib import Path

import rcssmin
import rjsmin
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, FileSystemFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLE_SHEET = "site.css"
# The cascade: later files win. Each is a file of static/site/, or a folder of files that do not overlap.
LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities")
LAYER = re.compile(r"\A(?:\s|/\*.*?\*/)*@layer [\w-]+ \{(?P<rules>.*)\}\s*\Z", re.DOTALL)


class PlainFinder(FileSystemFinder):
    """Finds static files as Django does, but not the layers, which are never requested alone."""

    def list(self, ignore_patterns):
        return super().list([*(ignore_patterns or []), "site"])


class StyleSheetFinder(BaseFinder):
    """Finds the style sheet: joins it whenever it is asked for, so a change shows at the next load."""

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        """Return where the joined style sheet is, or [] for every other path."""
        if path != STYLE_SHEET:
            return []
        joined = write_style_sheet()
        return [str(joined)] if find_all else str(joined)

    def list(self, ignore_patterns):
        yield STYLE_SHEET, FileSystemStorage(location=write_style_sheet().parent)


def write_style_sheet():
    """Join the layers into a file of its own, and return its Path. Does not touch it while nothing changed."""
    joined, css = settings.BASE_DIR / ".cache" / "joined" / STYLE_SHEET, style_sheet()
    if not joined.exists() or joined.read_text(encoding="utf-8") != css:
        joined.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=joined.parent, delete=False, encoding="utf-8") as new:
            new.write(css)
        Path(new.name).chmod(0o644)  # a temporary file is its owner's alone
        Path(new.name).replace(joined)  # another process may be reading it
    return joined


def style_sheet():
    """Return the whole style sheet without `@layer`: iOS before 15.4 and Chrome before 99 skip all that is in one."""
    return "\n".join(without_layer(file.read_text(encoding="utf-8")) for file in layer_files())


def layer_files():
    """Return the files of static/site/ in the order of the cascade."""
    folder = settings.BASE_DIR / "static" / "site"
    return [file for name in LAYERS for file in [*folder.glob(f"{name}.css"), *sorted(folder.glob(f"{name}/*.css"))]]


def without_layer(css):
    """Return what is within the one `@layer name { ... }` of a file. Raises ValueError for rules outside of it."""
    found = LAYER.match(css)
    if not found or not is_whole(found["rules"]):
        raise ValueError(f"Rules outside of @layer: {css[:80]}")
    return found["rules"]


def is_whole(css):
    """Return whether no brace closes what is opened outside."""
    depths = accumulate({"{": 1, "}": -1}.get(character, 0) for character in css)
    return min(depths, default=0) >= 0


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Makes style sheets and our scripts small before they get a hash: a page and its style fit into one round trip."""

    def post_process(self, paths, dry_run=False, **options):
        """Yield (name, new name, whether it was processed) for each of `paths`, as Django asks."""
        for name in [] if dry_run else [name for name in paths if name.endswith((".css", ".js")) and "/" not in name]:
            collected = Path(self.path(name))
            smaller = rcssmin.cssmin if name.endswith(".css") else rjsmin.jsmin
            collected.write_text(smaller(collected.read_text(encoding="utf-8")), encoding="utf-8")
            paths[name] = (self, name)  # from here on it is read as it now is, not where it came from
        yield from super().post_process(paths, dry_run, **options)

    def create_compressor(self, **options):
        return PatientCompressor(**options)


class PatientCompressor(Compressor):
    """Compresses the public style sheets slowly and well: once, for every phone that does not know Brotli."""

    def write_data(self, path, data, suffix, stat_result):
        """Write a compressed file beside its source; the gzip of a style sheet at the top is the smallest there is."""
        if suffix == ".gz" and path.endswith(".css") and Path(path).parent == Path(settings.STATIC_ROOT):
            import zopfli.gzip  # only while files are collected: web processes serve what it made

            data = zopfli.gzip.compress(Path(path).read_bytes())
        return super().write_data(path, data, suffix, stat_result)
