"""Program files with a fault: each is refused in words, with its line and field, and changes nothing."""

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.program_file import ProgramFaults
from conference.program_formats import MOST_BYTES, read
from tests.support.program_files import PXP_2023, changed, line_of, load, rows


def faults_of(text):
    """Return (line, field, sentence) of each fault in a program file's text or bytes."""
    with pytest.raises(ProgramFaults) as caught:
        read(text if isinstance(text, bytes) else text.encode())
    return [(fault.line, fault.field, fault.sentence) for fault in caught.value.faults]


# What is put in place of what, in the real file; the field that is named, and words of the sentence. A “▸” in the new
# text marks the line that is named.
DAY_2 = '  - number: 2\n    title: "Trailblaze'
DAYS = "days:\n  - number: 1"
START_2 = '    starts_at: "2023-09-13T19:00:00Z"'
END_2 = '    ends_at: "2023-09-13T22:00:00Z"'
SESSION = "      - {number: 1, title: null, speakers: []}"
HALF_PAST = "starts_at: 2023-09-13T19:30:00Z"
PATRICK = '{name: "Patrick Gee"}'
ASIA = 'dates: ["09-13", "09-14", "09-15"]'
COST = "  cost: free"

DAY_FAULTS = [
    (DAY_2, '  - number: 1▸\n    title: "Trailblaze', "day 1", "It is there twice, first on line 15."),
    (END_2, "    ends_at: 2023-09-13T18:00:00Z▸", "day 2, ends_at", "The day must end after it starts."),
    (END_2, "    ends_at: 2023-09-15T22:00:00Z▸", "day 2, ends_at", "A day lasts at most 24 hours."),
    (START_2, "    starts_at: 2023-09-12T21:00:00Z▸", "day 2, starts_at", "starts before day 1 ends"),
    (
        START_2,
        '    starts_at: "2023-09-13T19:00:00"▸',
        "day 2, starts_at",
        "time zone is missing. Write the time in UTC",
    ),
    (START_2, '    starts_at: "13 September"▸', "day 2, starts_at", "Write date and time in UTC"),
    (START_2, "    starts_at: 2023-09-31T19:00:00Z▸", "day 2, starts_at", "has no such time"),
    (START_2, "    starts_at: 0001-01-01T00:00:00+14:00▸", "day 2, starts_at", "has no such time"),
    (START_2, "    starts_at: 1023-09-13T19:00:00Z▸", "day 2, starts_at", "The year is far away"),
    (START_2, "    starts_at: null▸", "day 2, starts_at", "It is missing"),
    (DAY_2, '  - number: 32▸\n    title: "Trailblaze', "day 32, number", "Write a number from 1 to 31."),
    (DAYS, "days:\n  - number: 1\n    room: 5▸", "day 1, room", "There is no such field"),
]
SESSION_FAULTS = [
    (SESSION, "      - {number: one}▸", "day 2, sessions, item 1, number", "Write a whole number"),
    (SESSION, f"      - {{number: {'9' * 5000}}}▸", "day 2, session 9999, number", "Write a whole number"),
    (SESSION, "      - {number: 0}▸", "day 2, session 0, number", "Write a number from 1 to 999."),
    (SESSION, "      - {number: 2}\n      - {number: 2}▸", "day 2, session 2", "It is there twice"),
    (SESSION, "      - later▸", "day 2, sessions, item 1", "Write fields here"),
    (SESSION, "      - {number: 1, title: [a]}▸", "day 2, session 1, title", "Write words here"),
    (SESSION, f"      - {{number: 1, {HALF_PAST}}}▸", "day 2, session 1, ends_at", "Write both times"),
    (
        SESSION,
        f"      - {{number: 1, {HALF_PAST}, ends_at: 2023-09-13T19:30:00Z}}▸",
        "day 2, session 1, ends_at",
        "end after it starts",
    ),
    (
        SESSION,
        f"      - number: 1\n        {HALF_PAST}▸\n        ends_at: 2023-09-13T22:30:00Z",
        "day 2, session 1, starts_at",
        "within the times of its day",
    ),
    (SESSION, "      - {number: 1, recording_url: here}▸", "day 2, session 1, recording_url", "Write a web address"),
    (SESSION, "      - {number: 1, rewatch_party: maybe}▸", "day 2, session 1, rewatch_party", "true or false"),
    (SESSION, "      - {number: 1, title_is: guess}▸", "day 2, session 1, title_is", "Write one of: title"),
    (PATRICK, '{name: "P", role: chair}▸', "day 3, session 1, speaker 1, role", "Write one of: speaker, facilitator."),
    (PATRICK, '{name: "P", role: facilitater}▸', "day 3, session 1, speaker 1, role", "Did you mean “facilitator”?"),
    (PATRICK, "{name: P, links: here}▸", "day 3, session 1, speaker 1, links", "“here”: Paste a web address"),
    (
        PATRICK,
        "{name: P, links: 'My page javascript:alert(1)'}▸",
        "day 3, session 1, speaker 1, links",
        "Paste a web address",
    ),
    (SESSION, "      - {number: 1, slug: Été 1}▸", "day 2, session 1, slug", "letters from a to z"),
    (
        SESSION,
        f"      - {{number: 1, title: {'x' * 301}}}▸",
        "day 2, session 1, title",
        "It has 301 characters. Shorten",
    ),
    (
        SESSION,
        f"      - {{number: 1, recording_url: https://example.org/{'x' * 300}}}▸",
        "day 2, session 1, recording_url",
        "at most 200 fit",
    ),
    (PATRICK, "{affiliation: EUPATI}▸", "day 3, session 1, speaker 1, name", "It is missing"),
    (PATRICK, '{name: "P"}, {name: " P "}▸', "day 3, session 1, P", "already in this session"),
    (
        PATRICK,
        "{name: Maria Dutarte, affiliation: A}▸",
        "day 3, session 1, Maria Dutarte, affiliation",
        "it is “EUPATI”",
    ),
]
CONFERENCE_FAULTS = [
    ("  tagline:", "  tag_line▸:", "conference, tag_line", "Did you mean “tagline”?"),
    ('slug: "2023"', 'slug: "next"▸', "conference, slug", "a year with four digits"),
    (COST, "  cost: free\n  cost: 5▸", "cost", "It is there twice, first on line 6."),
    (COST, f"  cost: {'x' * 101}▸", "conference, cost", "at most 100"),
    (COST, "  contact_email: me▸", "conference, contact_email", "valid email"),
    ("clock: provisional", "clock: soon▸", "conference, clock", "Write one of: provisional, published."),
    (ASIA, 'dates: ["09-13", "09-14"]▸', "regions, Asia and Oceania, dates", "one date for each of the 3 days"),
    (ASIA, 'dates: ["09-13", "09-14", "09-31"]▸', "regions, item 2, dates", "a date of the calendar"),
    (ASIA, 'dates: ["09-13", "09-14", "12-15"]▸', "regions, Asia and Oceania, dates", "is not that day anywhere"),
    ("  home-lead", "  home-laed▸", "texts, home-laed", "Did you mean “home-lead”?"),
]
YAML_FAULTS = [
    (COST, "  cost: &free free▸", "", "Names like &this"),
    (COST, "  cost: *free▸", "", "Names like &this"),
    (COST, "  cost: !!python/name:os.system x▸", "", "Tags like !this"),
    (COST, '  cost: "fr\\0ee"▸', "", "an invalid character"),
    (COST, "  cost: fr\0ee▸", "", "an invalid character"),
    (COST, "  cost: {a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}}▸", "", "nested too deep"),
    (COST, "  cost: free: yes▸", "", "This is not YAML"),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("old", "new", "field", "words"), DAY_FAULTS + SESSION_FAULTS + CONFERENCE_FAULTS + YAML_FAULTS
)
def test_fault_names_line_and_field_and_says_what_to_do(old, new, field, words):
    marked = changed(PXP_2023, old, new)

    faults = faults_of(marked.replace("▸", ""))

    assert (line_of(marked, "▸"), field) in [fault[:2] for fault in faults if words in fault[2]]


@pytest.mark.sqlite_only
def test_the_way_to_a_fault_is_in_the_readers_language_and_names_of_fields_as_in_the_file():
    text = changed(changed(PXP_2023, SESSION, "      - {number: 1, title: [a]}"), PATRICK, '{name: "P", role: chair}')

    with override("fr"):
        fields = {field for _line, field, _sentence in faults_of(text)}

    assert fields == {"jour 2, séance 1, title", "jour 3, séance 1, personne invitée 1, role"}


def test_day_that_is_missing_is_named():
    text = changed(PXP_2023, DAY_2, '  - number: 4\n    title: "Trailblaze')

    assert faults_of(text)[0][1:] == ("days", "Day 2 is missing. Number the days 1, 2, 3 without a gap.")


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This is not a program"),
        (b"just words", "This is not a program"),
        (b"- a\n- b\n", "This is not a program"),
        (b"conference: {}\n---\ndays: []\n", "second document"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "&this"),
        (b"[" * 900_000, "nested too deep"),
        (b"x" * (MOST_BYTES + 1), "too large"),
        (b"- a\n" * 200_000, "too many parts"),
        (b"? [a]\n: b\n", "name is missing"),
        ("conference: x".encode("utf-16"), "not UTF-8"),
        (b"conference: caf\xe9", "not UTF-8"),
        (b"conference:\n\tslug: x", "not YAML"),
        (b"conference: {slug: '2027', name: x}\ndays: []\n", "There is no day"),
        (b"conference: {slug: '2027', name: x}\ndays: none\n", "Write a list here"),
        (b"conference: {slug: '2027', name: ''}\ndays: []\n", "Write something here"),
        (b"conference: null\ndays: []\n", "It is missing"),
    ],
)
def test_file_that_is_no_program_is_refused_in_words(data, words):
    assert any(words in sentence for _line, _field, sentence in faults_of(data))


def test_many_faults_end_after_the_first_ones():
    faults = faults_of(b"conference: {slug: '2027', name: x}\ndays:\n" + b"- {}\n" * 1000)

    assert len(faults) == 21
    assert faults[-1] == (None, "", "There may be more faults than these.")


SIGNS = ["null", "- ", ": ", "\n", '"', "{", "}", "[", "]", "&a", "*a", "!!int", "\0", "é", "\u2028", "0", "#", "\t"]
WORDS = ["999999999", "2023-09-12", "number", "ends_at", "\\ud800", "9999-12-31T23:59:59-14:00"]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_file_loads_whole_or_changes_nothing(data, db):
    text = PXP_2023
    for _cut in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 30))
        text = text[:start] + data.draw(st.sampled_from(SIGNS + WORDS)) + text[end:]
    before = rows()

    try:
        load(text)
    except ProgramFaults:
        assert rows() == before
    else:
        assert load(text).is_nothing


@pytest.mark.sqlite_only
@given(st.binary(max_size=300))
def test_rubbish_is_refused(data):
    assert faults_of(data)
