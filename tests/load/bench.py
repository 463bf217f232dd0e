"""Runs all load programs one after the other and writes their results to docs/performance.md (`make bench`).

With names it runs these alone; the page keeps the last results of the others. Exits with 1 if a bound does not hold.
`--quick` runs the short form of each, and writes nothing.
"""

import argparse
import ast
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
PAGE = ROOT / "docs" / "performance.md"

HEAD = """# How fast the site is

`make bench` measures this and writes it; nothing here is typed by hand. Each program in `tests/load/` also runs alone,
in under a minute with `--quick`, and fails where its bound does not hold. Most bounds are ratios to a limit that is
measured in the same run, such as a bare WSGI application or the same rows written plainly: a machine cannot make them
better.
"""
# A program's row and part of the page, which keeps the results of programs that do not run now.
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (holds|FAILS) \| (\S+) \| (\d+) \|$", re.MULTILINE)
PART = re.compile(r"^## (\w+)\n\n(.+?)\n\n```text\n(.*?)\n?```\n\nMeasured on ([^\n]+)\.$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Result:
    """A program's result: all its lines, the last with the figure; whether its bounds hold; date and machine."""

    name: str
    about: str
    lines: list
    holds: bool
    date: str
    minutes: int
    machine: str

    @property
    def figure(self):
        """Its last line, without its own name and verdict."""
        last = self.lines[-1] if self.lines else "it printed nothing"
        return re.sub(r": (holds|FAILS)$", "", last.removeprefix(f"{self.name}: "))


def main():
    """Run all; exit with 1 if one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the short form of each, under a minute; writes nothing")
    parser.add_argument("names", nargs="*", help="these programs alone, such as signup_cost")
    options = parser.parse_args()
    results = []
    for file in programs():
        if not options.names or file.stem in options.names:
            results.append(run(file, options.quick))
            if not options.quick:
                PAGE.write_text(page(kept() | {file.stem: results[-1]}), encoding="utf-8")
    for result in results:
        print(f"{verdict(result)}  {result.name}: {result.figure}")
    sys.exit(not all(result.holds for result in results))


def kept():
    """Return the results on the page, by program."""
    text = PAGE.read_text(encoding="utf-8")
    rows = {name: row for name, *row in ROW.findall(text)}
    results = {}
    for name, about, printed, machine in PART.findall(text):
        figure, bound, date, minutes = rows[name]
        lines = [*printed.splitlines(), f"{name}: {figure}: {bound}"]
        results[name] = Result(name, about, lines, bound == "holds", date, int(minutes), machine)
    return results


def verdict(result):
    """Return whether its bounds hold, in a word."""
    return "holds" if result.holds else "FAILS"


def programs():
    """Return the files of the load programs, in the order of their names."""
    files = [file for file in sorted(FOLDER.glob("*.py")) if 'if __name__ == "__main__"' in file.read_text()]
    return [file for file in files if file.name != Path(__file__).name]


def run(file, is_quick):
    """Run one program, show what it prints, and return its Result."""
    print(f"--- {file.stem}", flush=True)
    command = [sys.executable, str(file), *(["--quick"] if is_quick else [])]
    began, lines = datetime.now(UTC), []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        for line in program.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    about = ast.get_docstring(ast.parse(file.read_text())) or ""
    minutes = round((datetime.now(UTC) - began).total_seconds() / 60)
    return Result(file.stem, about, lines, program.returncode == 0, f"{began:%Y-%m-%d}", minutes, machine())


def page(results):
    """Return the page as Markdown: the results of all programs that are there, in the order of their names."""
    results = [results[file.stem] for file in programs() if file.stem in results]
    parts = [HEAD]
    parts.append("| program | figure | bound | measured | minutes |\n|---|---|---|---|---|")
    parts += [f"| `{each.name}` | {each.figure} | {verdict(each)} | {each.date} | {each.minutes} |" for each in results]
    for each in results:
        details = "\n".join(line for line in each.lines[:-1] if line.strip())
        parts.append(f"\n## {each.name}\n\n{each.about}\n\n```text\n{details}\n```\n\nMeasured on {each.machine}.")
    return "\n".join(parts) + "\n"


def machine():
    """Return what kind of machine this is: processor, cores, memory, system."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", info)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    kind = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores of {kind}, {memory:.0f} GB, Linux, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
