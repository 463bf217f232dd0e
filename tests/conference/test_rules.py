"""What must hold between days and sessions: refused where impossible, a yes where merely odd, in files too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from conference.models import Day, Session
from conference.program_file import ProgramFaults
from conference.program_formats import read
from conference.rules import Timed, check, findings_now
from tests.factories import NOW, make_announced_date, make_appearance, make_day, make_session, make_speaker
from tests.support.program_files import PXP_2023, changed, line_of, load

START = datetime(2027, 9, 12, 19, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def session(number, start, end, *people):
    times = (None if start is None else at(start), None if end is None else at(end))
    return Timed(f"s{number}", f"Session {number}", number, *times, people=frozenset(people))


def day(*sessions, number=1, start=0, end=180, **more):
    return Timed(f"d{number}", f"Day {number}", number, at(start), at(end), sessions=sessions, **more)


def found(*days, **options):
    return [(finding.key, finding.field, finding.sentence, finding.is_odd) for finding in check(days, **options)]


def test_program_without_a_fault_has_no_finding():
    whole = day(session(1, 0, 60, "Grace"), session(2, 60, 180, "Grace"), session(3, None, None))

    assert found(whole, day(number=2, start=24 * 60, end=27 * 60), now=NOW) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([day(session(1, 50 * 24 * 60, 50 * 24 * 60 + 30))], ("s1", "starts_at", "within the times of its day", False)),
        ([day(session(1, 170, 190))], ("s1", "starts_at", "within the times of its day", False)),
        ([day(session(1, -1, 30))], ("s1", "starts_at", "within the times of its day", False)),
        ([day(session(1, 30, 30))], ("s1", "ends_at", "must end after it starts", False)),
        ([day(session(1, 30, None))], ("s1", "ends_at", "both times", False)),
        ([day(session(1, 0, 60), session(2, 59, 90))], ("s2", "starts_at", "same time as Session 1.", True)),
        (
            [day(session(1, 0, 60, "Grace", "Ada"), session(2, 30, 90, "Grace"))],
            ("s2", "starts_at", "same time as Session 1, and Grace cannot be in both.", True),
        ),
        ([day(session(1, 0, 60), session(1, 60, 90))], ("s1", "number", "its own number", False)),
        ([day(end=0)], ("d1", "ends_at", "must end after it starts", False)),
        ([day(end=24 * 60 + 1)], ("d1", "ends_at", "at most 24 hours", False)),
        ([day(), day(number=2, start=-2000, end=-1900)], ("d2", "starts_at", "before Day 1 ends", True)),
        ([day(), day(number=2, start=170, end=300)], ("d2", "starts_at", "before Day 1 ends", True)),
        ([day(), day(number=3, start=1500, end=1600)], (None, "days", "Day 2 is missing", True)),
        ([day(start=-30 * 24 * 60, end=-30 * 24 * 60 + 60)], ("d1", "starts_at", "It is in the past", True)),
        ([day(announced=[("r", "Asia", date(2027, 9, 14))])], ("r", "dates", "not that day anywhere", False)),
    ],
)
def test_each_rule_says_what_is_wrong_and_whether_it_may_be_meant(days, expected):
    key, field, words, is_odd = expected

    [(found_key, found_field, sentence, found_odd)] = found(*days, now=NOW)

    assert (found_key, found_field, found_odd) == (key, field, is_odd)
    assert words in sentence


def test_a_person_in_two_places_is_found_across_days_that_overlap():
    first, second = day(session(1, 170, 180, "Grace")), day(session(2, 175, 200, "Grace"), number=2, start=170, end=300)

    assert ("s2", "starts_at", "It is at the same time as Session 1, and Grace cannot be in both.", True) in found(
        first, second
    )


@pytest.mark.django_db
def test_the_program_in_the_database_is_held_to_the_same_rules(django_assert_num_queries):
    first = make_day()
    make_announced_date(first, date=date(2027, 9, 20))
    one = make_session(first, 1, starts_at=at(0), ends_at=at(60))
    other = make_session(first, 2, starts_at=at(0), ends_at=at(30))
    grace = make_speaker(first.conference)
    make_appearance(one, grace)
    make_appearance(other, grace)
    make_day(first.conference, 3)

    with django_assert_num_queries(5):
        words = {finding.words for finding in findings_now(NOW)}

    assert words == {
        "Day 1, Asia and Oceania: Day 1 is on 12 September 2027 in UTC; 20 September 2027 is not that day anywhere. "
        "Correct one of them.",
        "Day 1, Session 2: It is at the same time as Day 1, Session 1, and Grace cannot be in both.",
        "Day 2 is missing. Number the days 1, 2, 3 without a gap.",
    }


@pytest.mark.django_db
def test_days_of_past_years_are_nothing_odd():
    past = make_day(starts_at=datetime(2025, 9, 12, tzinfo=UTC))
    past.conference.slug = "2025"
    past.conference.save()

    assert findings_now(NOW) == set()


# --- In program files

TWO_AT_ONCE = """      - {number: 1, starts_at: 2023-09-13T19:00:00Z, ends_at: 2023-09-13T20:00:00Z}
      - {number: 2, starts_at: 2023-09-13T19:30:00Z, ends_at: 2023-09-13T20:00:00Z}▸"""
SESSIONS = """      - {number: 1, title: null, speakers: []}
      - {number: 2, title: null, speakers: []}"""


def day_2(sessions):
    """Return the real file with other first sessions on Day 2."""
    start = PXP_2023.index("  - number: 2\n    title")
    return PXP_2023[:start] + changed(PXP_2023[start:], SESSIONS, sessions)


def test_what_is_odd_in_a_file_is_refused_until_someone_says_yes():
    marked = day_2(TWO_AT_ONCE)
    text = marked.replace("▸", "").encode()

    with pytest.raises(ProgramFaults) as caught:
        read(text)

    [fault] = caught.value.faults
    assert (fault.line, fault.field) == (line_of(marked, "▸"), "day 2, session 2, starts_at")
    assert (fault.sentence, fault.is_odd) == ("It is at the same time as day 2, session 1.", True)
    assert len(read(text, anyway=True).days) == 3


@pytest.mark.django_db
def test_a_file_that_meets_what_organisers_typed_is_held_to_the_rules_too():
    conference = load(PXP_2023).conference
    typed = Session.objects.for_edition(conference).numbered(2, 3).get()
    typed.starts_at, typed.ends_at = datetime(2023, 9, 13, 19, 30, tzinfo=UTC), datetime(2023, 9, 13, 20, tzinfo=UTC)
    typed.save()
    text = day_2(TWO_AT_ONCE.partition("\n")[0] + "\n" + SESSIONS.partition("\n")[2])

    with pytest.raises(ProgramFaults) as caught:
        load(text)

    assert [fault.words("pxp.yaml") for fault in caught.value.faults] == [
        "pxp.yaml: Day 2, Session 3: It is at the same time as Day 2, Session 1."
    ]
    assert load(text, anyway=True).changed == ["Day 2, Session 1 (starts_at, ends_at)"]


@pytest.mark.django_db
def test_a_file_that_moves_a_day_takes_its_sessions_and_dates_along():
    conference = load(PXP_2023).conference
    typed = Session.objects.for_edition(conference).numbered(3, 1).get()
    typed.starts_at, typed.ends_at = datetime(2023, 9, 14, 19, 30, tzinfo=UTC), datetime(2023, 9, 14, 20, tzinfo=UTC)
    typed.save()
    later = changed(changed(PXP_2023, "2023-09-14T19", "2023-09-21T19"), "2023-09-14T22", "2023-09-21T22")
    later = changed(changed(later, '"09-13", "09-14"]', '"09-13", "09-21"]'), '"09-14", "09-15"]', '"09-14", "09-22"]')

    load(later)

    typed.refresh_from_db()
    assert typed.starts_at == datetime(2023, 9, 21, 19, 30, tzinfo=UTC)
    dates = [told.date for told in Day.objects.for_edition(conference).get(number=3).announced_dates.all()]
    assert dates == [date(2023, 9, 21), date(2023, 9, 22)]


def test_several_missing_days_are_a_sentence():
    assert [finding.sentence for finding in check([day(number=4)])] == [
        "Days 1, 2 and 3 are missing. Number the days 1, 2, 3 without a gap."
    ]
