"""Interrupts, at any moment of a command: one line, exit code 1, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# As at a terminal: what runs in the background, as the suite may, starts with some of them ignored.
ATTENDED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""
# The interrupt comes while this module is looked for: from the first import to the last one.
AT_IMPORT = """
import importlib.abc, os, signal, sys
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Finder())
sys.argv = ["gomtin", "status"]
from cli.entry import main
main()
"""
IN = """
import gc, os, signal, time, weakref
import cli.entry, cli.main
class Thing:
    def __del__(self):
        kick()
def kick(*_):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
def work():
    {work}
    time.sleep(30)
cli.main.main = work
cli.entry.main()
"""


def run(code: str, tmp_path: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", ATTENDED + code],
        check=False,
        capture_output=True,
        text=True,
        timeout=20,
        env=os.environ | {"GOMTIN_DATA": str(tmp_path)},
    )
    return done.returncode, done.stderr.strip()


@pytest.mark.parametrize("name", ["click", "rich.console", "cli.operate", "sqlalchemy"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_while_it_starts_is_one_line(name: str, number: int, tmp_path: Path) -> None:
    code, said = run(AT_IMPORT.format(name=name, number=int(number)), tmp_path)
    assert (code, said.count("\n")) == (1, 0)
    assert said.startswith("interrupted")


@pytest.mark.parametrize(
    "work",
    [
        "Thing()",
        "one = Thing(); one.itself = one; del one; gc.collect()",
        "one = lambda: 0; ref = weakref.ref(one, kick); del one",
        "gc.callbacks.append(lambda *_: (gc.callbacks.clear(), kick())); gc.collect()",
        "exec('kick()', globals())",
    ],
)
def test_an_interrupt_that_python_throws_away_comes_again(work: str, tmp_path: Path) -> None:
    assert run(IN.format(work=work), tmp_path) == (1, "interrupted before it began")


def test_an_interrupt_that_is_thrown_away_at_the_end_leaves_the_end_as_it_is(
    tmp_path: Path,
) -> None:
    last = "sys.last = type('Last', (), {'__del__': lambda _, wait=time.sleep: wait(0.1)})()"
    work = f"import sys; {last}; Thing(); sys.exit(3)"
    assert run(IN.format(work=work), tmp_path) == (3, "")


def test_who_is_told_to_ignore_the_end_of_the_terminal_goes_on(tmp_path: Path) -> None:
    code = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    code += AT_IMPORT.format(name="sqlalchemy", number=int(signal.SIGHUP))
    assert run(code, tmp_path) == (0, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_nothing_to_read_and_nowhere_to_write(
    closed: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m cli.entry review {closed}"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"GOMTIN_DATA": str(tmp_path)},
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["portals", "status"])
def test_a_reader_that_has_enough_is_no_fault(command: str, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "cli.entry", command],
        check=False,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"GOMTIN_DATA": str(tmp_path)},
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_other_faults_of_destructors_are_told(tmp_path: Path) -> None:
    code, said = run(IN.format(work="Thing.__del__ = lambda _: 1 / 0; Thing(); kick()"), tmp_path)
    assert code == 1
    assert "ZeroDivisionError" in said
