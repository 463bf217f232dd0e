"""Asks 200 times for an address that is registered and 200 times for one that is not, and compares the answers.

Holds: the same status, the same headers, the same bytes, and times whose middle halves overlap, for sign-up and for
lost links. On SQLite and on PostgreSQL. The questions are mixed, so that a busy moment of the machine meets both alike.
"""

import json
import random
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig

SAID = {"name": "Ada", "days": ["1"], "country": "GB", "time_zone": "Europe/London"}


def main():
    """Run all, or one database's part; exit with 1 where a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    ratios = ", ".join(f"{part.get('ratio', 0):.2f} on {name}" for name, part in zip(rig.DATABASES, parts, strict=True))
    print(f"same_answer: known takes, compared with unknown, at most {ratios}: {'holds' if holds else 'FAILS'}")
    sys.exit(not holds)


def one_database(options):
    """Run the trial on one database; print it, then its figures as JSON. Returns the exit code."""
    tries = 60 if options.quick else 200
    holds, worst = True, 1.0
    with rig.site(options.database, mail_port=9, SITE_URL="http://testserver", PROXY_COUNT="1"):
        known = prepare(tries)
        for path in ("/register/", "/lost-link/"):
            seconds, answers = ask(path, known, tries)
            quarters = {who: statistics.quantiles(times, n=4) for who, times in seconds.items()}
            middles = {who: statistics.median(times) for who, times in seconds.items()}
            overlap = quarters["known"][0] <= quarters["unknown"][2] and quarters["unknown"][0] <= quarters["known"][2]
            ratio = max(middles.values()) / min(middles.values())
            worst = max(worst, ratio)
            holds = holds and overlap and len(answers) == 1
            print(
                f"{options.database} {path}: {tries} tries each, {len(answers)} kind(s) of answer, medians "
                f"{middles['known'] * 1000:.1f} ms known and {middles['unknown'] * 1000:.1f} ms unknown, middle halves "
                f"{'overlap' if overlap else 'DO NOT OVERLAP'}",
                flush=True,
            )
    print(json.dumps({"holds": holds, "ratio": worst}))
    return not holds


def prepare(tries):
    """Register so many addresses, all confirmed; return them."""
    from datetime import timedelta

    from django.utils import timezone

    from tests import factories

    starts_at = timezone.now() + timedelta(days=30)
    day = factories.make_day(factories.make_conference(slug=str(starts_at.year)), starts_at=starts_at)
    known = [f"known{number}@example.org" for number in range(tries)]
    for email in known:
        factories.make_confirmed(day, email=email, now=timezone.now())
    return known


def ask(path, known, tries):
    """Post known and unknown addresses in mixed order; return the seconds of each kind, and the set of answers."""
    from django.test import Client

    questions = [("known", email) for email in known] + [
        ("unknown", f"nobody{number}{path.strip('/')}@example.org") for number in range(tries)
    ]
    random.shuffle(questions)
    seconds, answers = {"known": [], "unknown": []}, set()
    client = Client()
    client.post(path, SAID | {"email": "warm.up@example.org"})
    for number, (who, email) in enumerate(questions):
        network = f"10.{number // 250}.{number % 250}.1"
        began = time.perf_counter()
        answer = client.post(path, SAID | {"email": email}, headers={"X-Forwarded-For": network})
        seconds[who].append(time.perf_counter() - began)
        assert answer.status_code == 302, f"{path} was not taken: {answer.status_code}"
        answers.add((answer.status_code, answer.content, re.sub(r"expires=[^;]+", "", str(sorted(answer.items())))))
    return seconds, answers


if __name__ == "__main__":
    main()
