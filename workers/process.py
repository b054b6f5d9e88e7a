"""Start and end child processes so that none of them outlives the one that started it.

On Linux the kernel ends a child whose parent dies (``PR_SET_PDEATHSIG``); elsewhere the watch of
each worker (workers.watch) sees that its parent is gone. A child leads a session of its own, so
that Ctrl-C in a terminal reaches only the parent, which then ends its children in order.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Protocol

from config.settings import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from config.settings import Settings

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_LIMIT = 5_000_000  # bytes: a log that is larger starts anew, what it held is kept as .1


def environment(settings: Settings) -> dict[str, str]:
    """Give the environment under which a child builds the same settings."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    for each in fields(settings):
        value = getattr(settings, each.name)
        env[PREFIX + each.name.upper()] = str(value)
    env[PREFIX + "DATA"] = str(settings.data.absolute())
    return env


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    talk: bool = False,
    death_signal: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, output appended to ``log``.

    ``talk``: its standard input and output are pipes, only its errors go to the log.

    ``death_signal`` reaches the child when the calling *thread* ends, so call this from the main
    thread.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    trim(log.parent)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talk else output,
            stderr=output,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=leash(death_signal),  # noqa: PLW1509 - one prepared C call, no Python locks
        )


def trim(folder: Path) -> None:
    """Start the logs of ``folder`` anew that are too large, also those that are being written.

    Who writes a log appends to it. A line that comes between the copy and the cut is lost.
    """
    for log in folder.glob("*.log"):
        with suppress(FileNotFoundError):  # another process of the folder prunes logs
            if log.stat().st_size > LOG_LIMIT:
                _keep(log, log.with_name(log.name + ".1"))
                os.truncate(log, 0)


def _keep(log: Path, kept: Path) -> None:
    try:
        shutil.copyfile(log, kept)
    except OSError:
        kept.unlink(missing_ok=True)  # the disk is full, and room matters more


def leash(death_signal: int) -> Callable[[], None]:
    """Prepare the call, for a child to make, that ties its life to this process."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the call
            os._exit(1)

    return tie


class Process(Protocol):
    """A process that was started here: by subprocess, or by a fork elsewhere."""

    pid: int

    def poll(self) -> int | None:
        """Give the exit code, or None while it runs."""
        ...

    def terminate(self) -> None:
        """Send TERM."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raise TimeoutExpired after ``timeout`` seconds."""
        ...


def end(processes: Sequence[Process], grace: float) -> None:
    """Ask all ``processes`` to end (TERM), wait ``grace`` seconds in all, then kill their groups.

    TERM goes to the leader alone: it ends its own children after the work they hold.
    """
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
            continue
        grace = 0.1  # the time was shared by all of them
    for process in processes:
        kill(process)


def kill(process: Process) -> None:
    """Kill the process with its whole group and reap it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
