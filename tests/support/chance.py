"""Random values are the same in every run of a test: ids of people, links, letters in sealed addresses, pauses.

A test that says "Ada is not on this page" would else find her once in some thousand runs, in the letters of a link.
Only this process is affected, as by the clock.
"""

import os
import random

import pytest


@pytest.fixture(autouse=True)
def same_values(request):
    """Draw all random values of a test from its name."""
    source = random.Random(request.node.nodeid)  # noqa: S311 no secret
    random.seed(source.random())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", source.randbytes)
        patch.setattr(random, "_urandom", source.randbytes)  # which `secrets` asks
        yield
