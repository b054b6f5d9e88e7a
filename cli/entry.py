"""The start of the gomtin command: from its first import on, an interrupt ends it in one line.

Ctrl+C, TERM and the end of the terminal (HUP) are one and the same to a command: KeyboardInterrupt
is raised, what it holds is finished or given back, and it ends with 1.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AGAIN_SECONDS = 0.05  # by then, whatever lost the interrupt is over


def main() -> None:
    """Run the command and end the process."""
    _fill_closed()
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background job
            signal.signal(number, _stop)
    sys.unraisablehook = _raise_again
    try:
        from cli.main import main as run

        run()
    except KeyboardInterrupt:
        _leave(1, "interrupted before it began")
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else 1)


def _fill_closed() -> None:
    """Open what was closed (``>&-``) on nothing: else the archive's file would get its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one
            stream = os.fdopen(number, "r" if not number else "w", encoding="utf-8")
            setattr(sys, name, stream)


def _stop(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _raise_again(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt once more where Python has thrown an interrupt away.

    It does so with all that a destructor or a callback of the garbage collector raises.
    """
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    signal.signal(signal.SIGALRM, _stop)  # a thread would need locks that may be held right now
    signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)


def _leave(code: int, said: str = "") -> NoReturn:
    """End with ``code``; an interrupt from here on ends the process where it is, without a word."""
    signal.setitimer(signal.ITIMER_REAL, 0)  # Python's end lets go of its handler before it rings
    for number in ENDING:
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)
    # Python ends by the signal, whatever the code, once an interrupt came out of an exec, as in
    # the making of a dataclass; the next one makes it forget that.
    exec("")  # noqa: S102 - nothing is run
    if said:
        sys.stderr.write(f"\n{said}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
