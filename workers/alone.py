"""Try one draft in a process of its own, whose death another process sees.

A worker that dies with a draft in hand proves nothing against the draft: it may have been killed
from outside. Here the worker waits beside the process that tries the draft. When that process dies
and the worker does not, it was the draft; when both die, nobody is left to accuse it.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from typing import TYPE_CHECKING

from workers.process import leash

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_TRIED = 75  # sysexits.h, EX_TEMPFAIL: the store was away, or what else is not the draft's doing


def try_alone(work: Callable[[], object], seconds: float) -> str:
    """Do ``work`` in a forked process; say how that process was ended, or nothing if it was not.

    What ``work`` raises goes to the log and is no such end. A process that takes longer than
    ``seconds`` is killed. On Linux it dies with this one.
    """
    tie = leash(signal.SIGKILL)
    ended, alive = os.pipe()  # the child holds ``alive`` open until it is dead, however it dies
    pid = os.fork()
    if not pid:
        os.close(ended)
        _do(work, tie)
    os.close(alive)
    late = not select.select([ended], [], [], seconds)[0]
    if late:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(ended)
    if late:
        return f"it was not done after {seconds:.0f} s"
    return "" if code in {0, NOT_TRIED} else f"the process that tried it ended with {_named(code)}"


def _do(work: Callable[[], object], tie: Callable[[], None]) -> None:
    """Be the child: work and end, never return."""
    code = NOT_TRIED
    try:
        tie()
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the child must end here, with its fault in the log
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _named(code: int) -> str:
    """Name a signal; an exit code is its own name."""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
