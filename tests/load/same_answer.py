"""Asks 400 times for an address that is registered and for one that is not, in turn, and compares the answers.

Holds: the same status, the same headers, the same number of bytes, and times whose medians are within 3%, for sign-up
and for lost links. On SQLite and on PostgreSQL.
"""

import json
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.load.web_rig import call

SAID = {"name": "Ada", "days": ["1"], "time_zone": "Europe/London"}
MOST = 1.03  # times the other's median


def main():
    """Run all, or one database's part; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    ratios = ", ".join(f"{part.get('ratio', 0):.3f} on {name}" for name, part in zip(rig.DATABASES, parts, strict=True))
    print(
        f"same_answer: medians of known and unknown addresses differ at most {ratios} times (at most {MOST}): "
        f"{'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def one_database(options):
    """Run the trial on one database; print it, then its figures as JSON. Returns the exit code."""
    tries = 150 if options.quick else 400
    holds, worst = True, 1.0
    with rig.site(options.database, mail_port=9, SITE_URL="http://127.0.0.1", PROXY_COUNT="1"):
        prepare(tries)
        for path in ("/register/", "/lost-link/"):
            seconds, answers = ask(path, tries)
            middles = {who: statistics.median(times) for who, times in seconds.items()}
            ratio = max(middles.values()) / min(middles.values())
            worst = max(worst, ratio)
            holds = holds and ratio <= MOST and len(answers) == 1
            print(
                f"{options.database} {path}: {tries} pairs, {len(answers)} kind(s) of answer, medians "
                f"{middles['known'] * 1000:.2f} ms known and {middles['unknown'] * 1000:.2f} ms unknown: {ratio:.3f}",
                flush=True,
            )
    print(json.dumps({"holds": holds, "ratio": worst}))
    return not holds


def prepare(tries):
    """Register so many addresses, all confirmed, and let the database count its rows, as it does by itself in time."""
    from datetime import timedelta

    from django.utils import timezone

    from tests import factories

    starts_at = timezone.now() + timedelta(days=30)
    day = factories.make_day(factories.make_conference(slug=str(starts_at.year)), starts_at=starts_at)
    for number in range(tries):
        factories.make_confirmed(day, email=address("known", number), now=timezone.now())
    rig.count_rows()


def address(who, number):
    """Return an address; both kinds have the same length."""
    return f"{who:>>7}{number:04}@n{number % 97:02}.example.org".replace(">", "x")  # a small domain gets few at once


def ask(path, tries):
    """Post known and unknown addresses in turn; return the seconds of each kind, and the set of answers."""
    for number in range(20):
        call("POST", path, SAID | {"email": f"warm{number}@example.org"}, f"10.250.1.{number}")
    seconds, answers = {"known": [], "unknown": []}, set()
    for number in range(tries):
        pair = ["known", "unknown"] if number % 2 else ["unknown", "known"]
        for place, who in enumerate(pair):
            email = address(who if who == "known" else "new" + path[1:3], number)
            network = f"10.{place}.{number // 250}.{number % 250}"
            began = time.perf_counter()
            status, headers, words = call("POST", path, SAID | {"email": email}, network)
            seconds[who].append(time.perf_counter() - began)
            assert status == 302, f"{path} was not taken: {status}"
            # The seal holds what was typed, and when: its length differs from form to form.
            answers.add((status, len(words), re.sub(r"/(thanks|lost-link)/[^/]+", r"/\1/...", str(headers))))
    return seconds, answers


if __name__ == "__main__":
    main()
