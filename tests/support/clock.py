"""Lets every test begin at the same moment, so the suite says the same this year and in ten years.

Pages ask the clock of the machine what time it is, and the factories make days in September 2027. Only what this
process asks is moved: programs that a test starts beside it live in the machine's own time. Time goes on from there,
and durations (`time.monotonic`) are real.
"""

import pytest
import time_machine


@pytest.fixture(autouse=True)
def machine_clock():
    """Begin the test at NOW of the factories. It gives `.move_to(instant)` and `.shift(delta)`."""
    from tests.factories import NOW  # only now: the factories need Django, which starts after the database

    with time_machine.travel(NOW) as traveller:
        yield traveller
