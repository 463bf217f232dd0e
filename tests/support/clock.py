"""Starts every test at the same moment, so the suite gives the same result in ten years.

Pages read the machine's clock, and the factories make days in September 2027. Only this process is affected: programs
that a test starts use the real time. Time passes normally from there, and durations (`time.monotonic`) are real.
"""

import pytest
import time_machine


@pytest.fixture(autouse=True)
def machine_clock():
    """Begin the test at NOW of the factories. It gives `.move_to(instant)` and `.shift(delta)`."""
    from tests.factories import NOW  # imported here: the factories need Django, which starts after the database

    with time_machine.travel(NOW) as traveller:
        yield traveller
