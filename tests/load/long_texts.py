"""Measures how the CPU time for a text grows with its length, for code that reads text of any length from strangers.

Holds: a text 16 times as long takes at most 48 times as long. Code that reads the text once takes 16 times as long; a
regular expression that starts again at each character takes 256 times as long. The longest texts are as long as the
site accepts. Times are the shortest of a few runs in this process.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

LONGER, MOST_GROWTH = 16, 48
LONGEST_PATH = 4000  # characters; gunicorn refuses longer request lines (limit_request_line)
RUNS, SLOW_SECONDS = 5, 0.5
LEAST_SECONDS = 0.005  # repeat a call until a run takes this long, so the clock's own steps do not matter


def cases():
    """Yield (name, function of a text, piece to repeat, length of the longest text in characters)."""
    from conference.site.blanks import keep_hours_whole
    from pxp.address_repair import mend
    from pxp.gate import MOST_FROM_PEOPLE
    from pxp.logs import hide

    for piece in ("b", "a.", "x@a.", "<a@", "\U0001f3f4", "e\u0301"):
        yield "address field", clean_address, piece, MOST_FROM_PEOPLE // len(piece.encode()) * len(piece)
    for piece in ("a@", "a", "a@a.", "/my/"):
        yield "log line", hide, piece, LONGEST_PATH
    for piece in ("-", ".", "é", "a-"):
        yield "wrong address", lambda text: mend(f"/{text}/x"), piece, LONGEST_PATH
    yield "hours on a page", lambda text: keep_hours_whole(f"<p>{text}</p>"), "2 pm ", MOST_FROM_PEOPLE
    yield "hours in a field", lambda text: keep_hours_whole(f'<input value="{text}">'), "1 am ", MOST_FROM_PEOPLE


def clean_address(text):
    """Clean a text that is not an address, as the sign-up form does."""
    from django.core.exceptions import ValidationError

    from registration.forms.fields import AddressField

    try:
        AddressField().clean(text)
    except ValidationError:
        return
    raise AssertionError(f"{text[:20]} was taken for an address")


def seconds(function, text):
    """Return the CPU seconds that the function takes for a text, the shortest of RUNS; of one run if that is slow."""
    repeats = 1
    while (took := run(function, text, repeats)) < LEAST_SECONDS:
        repeats *= 2
    more = [] if took > SLOW_SECONDS else [run(function, text, repeats) for _run in range(RUNS - 1)]
    return min([took, *more]) / repeats


def run(function, text, repeats):
    """Return the CPU seconds that so many calls take."""
    began = time.process_time()
    for _call in range(repeats):
        function(text)
    return time.process_time() - began


def main():
    """Measure all; exit with 1 if one grows faster than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    parser.parse_args()
    os.environ |= {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "pxp.settings"}
    import django

    django.setup()
    print(f"{'text':<18}{'piece':>8}{'characters':>12}{'ms':>9}{'growth':>9}")
    worst = 0
    for name, function, piece, length in cases():
        longest = (piece * length)[:length]
        long, short = seconds(function, longest), seconds(function, longest[: length // LONGER])
        print(f"{name:<18}{piece!a:>8}{length:>12,}{long * 1000:>9.2f}{long / short:>9.1f}")
        worst = max(worst, long / short)
    holds = worst <= MOST_GROWTH
    print(
        f"long_texts: a text {LONGER} times as long takes at most {worst:.0f} times as long (at most {MOST_GROWTH}): "
        f"{'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


if __name__ == "__main__":
    main()
