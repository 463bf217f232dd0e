"""Gives the tests the vocabulary of schema.org, as the types of TypeScript."""

import json
import subprocess

import pytest

from tests.support.node import NODE, TOOLS, tool


@pytest.fixture(scope="session")
def schema_org(tmp_path_factory):
    """A function `(events: list[dict]) -> list[str]`: what in them schema.org does not know as part of an Event."""
    types = tool("schema-dts/dist/schema.d.ts")
    compiler = tool("typescript/bin/tsc")
    options = ["--noEmit", "--strict", "--ignoreConfig", "--module", "nodenext", "--moduleResolution", "nodenext"]

    def check(events):
        source = tmp_path_factory.mktemp("schema") / "events.mts"
        lines = [f'import type {{ Event, WithContext }} from "{types.with_name("schema.js")}";']
        # A literal with a type: the compiler refuses each property and each value that the type does not have.
        lines += [
            f"export const event{at}: WithContext<Event> = {json.dumps(event)};" for at, event in enumerate(events)
        ]
        source.write_text("\n".join(lines))
        done = subprocess.run(
            [NODE, compiler, *options, source], cwd=TOOLS, capture_output=True, text=True, timeout=100
        )
        return [line for line in done.stdout.splitlines() if "error" in line]

    return check
