"""How large a program file may be in each format, and the checks for that.

These limits bound the memory that a file takes to 24 MB, whatever it contains (tests/conference/test_schedules_in.py,
test_program_out.py).
"""

from django.utils.translation import gettext as _

from conference.program_file import refuse

MOST_BYTES = 1_000_000  # sixty sessions with long descriptions take a tenth of it
MOST_BYTES_OF_JSON = 2_000_000
MOST_BYTES_OF_XML = 3_000_000  # the thousand sessions of FOSDEM 2025 take 2.3 MB
LARGEST = max(MOST_BYTES, MOST_BYTES_OF_JSON, MOST_BYTES_OF_XML)
LONGEST_TEXT = 100_000  # characters


def refuse_larger(data, most):
    """Raise ProgramFaults for a file of more than `most` bytes."""
    if len(data) > most:
        words = _("The file is too large for a program. At most %(n)d MB can be read.")
        refuse(None, "", words % {"n": most // 1_000_000})


def refuse_long_pieces(data, separator):
    """Raise ProgramFaults if more than twice LONGEST_TEXT bytes of a file follow each other without `separator`.

    Texts shorter than LONGEST_TEXT always pass. Reads each byte once.
    """
    for start in range(0, len(data) - LONGEST_TEXT, LONGEST_TEXT):
        if data.find(separator, start, start + LONGEST_TEXT) < 0:
            refuse_long(data.count(b"\n", 0, start) + 1)


def refuse_long(line):
    """Raise ProgramFaults for a text that is longer than any of a program, at a line or None."""
    refuse(line, "", _("A text is far too long for a program. Shorten it."))


def refuse_many(line):
    """Raise ProgramFaults for a file with more parts than any program, at a line or None."""
    refuse(line, "", _("The file has far too many parts for a program. Take out what is not the program."))
