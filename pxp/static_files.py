"""Static files as they are served: without comments and spare spaces, with a hash in each name."""

import re
from pathlib import Path

import rjsmin
import zopfli.gzip
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

KEPT = r"(\"[^\"]*\"|'[^']*'|url\([^)]*\))"  # words of their own: nothing in them is spare
# What goes, one after the other, and what stands for it.
SPARE = [
    (re.compile(rf"{KEPT}|/\*.*?\*/", re.DOTALL), ""),
    (re.compile(rf"{KEPT}|\s+"), " "),
    (re.compile(rf"{KEPT}| ?([{{}};,]) ?|(:) "), r"\2\3"),
    (re.compile(rf"{KEPT}|;(?=}})"), ""),
]


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Makes style sheets and our script small before they get a hash: a page and its style fit into one round trip."""

    def post_process(self, paths, dry_run=False, **options):
        """Yield (name, new name, whether it was processed) for each of `paths`, as Django asks."""
        for name in [] if dry_run else [name for name in paths if name.endswith(".css") or name == "site.js"]:
            collected = Path(self.path(name))
            smaller = without_spare if name.endswith(".css") else rjsmin.jsmin
            collected.write_text(smaller(collected.read_text(encoding="utf-8")), encoding="utf-8")
            paths[name] = (self, name)  # from here on it is read as it now is, not where it came from
        yield from super().post_process(paths, dry_run, **options)

    def create_compressor(self, **options):
        """Return what writes the compressed files, as WhiteNoise asks."""
        return PatientCompressor(**options)


class PatientCompressor(Compressor):
    """Takes its time for style sheets: compressed once, they are what every phone fetches that knows no Brotli."""

    def write_data(self, path, data, suffix, stat_result):
        """Write a compressed file beside its source; a style sheet's gzip is the smallest that Zopfli finds."""
        if suffix == ".gz" and path.endswith(".css"):
            data = zopfli.gzip.compress(Path(path).read_bytes())
        return super().write_data(path, data, suffix, stat_result)


def without_spare(css):
    """Return a style sheet without comments, and without spaces but those that part one thing from the next.

    A space before a colon stays: `nav :first-child` is not `nav:first-child`, which rcssmin makes of it.
    """
    for pattern, instead in SPARE:
        css = pattern.sub(lambda found, instead=instead: found[1] or found.expand(instead), css)
    return css.strip()
