"""The child process of the isolated cleaner: ``python -m pipelines.clean.child FD TIMEOUT``."""

from __future__ import annotations

import math
import resource
import signal
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.clean.attachment import read_file
from pipelines.clean.channel import HEADER, READY, FileJob, PageJob, pack, unpack, unpack_rules
from pipelines.clean.frame import Frames
from pipelines.clean.page import clean_page, prepare
from pipelines.clean.witness import bear_witness
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from pipelines.clean.file_text import FileText

MEMORY_LIMIT = 2 << 30
ALARM_MARGIN = 5  # seconds


def serve(descriptor: int, timeout: float) -> None:
    """Be the child: do the jobs that come over the socket until the parent closes it.

    The parent ends a job that takes longer than ``timeout`` seconds; where the parent is gone, the
    kernel's alarm does so a little later, in the middle of C code too.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    frames = Frames()
    with socket.socket(fileno=descriptor) as channel, channel.makefile("rb") as incoming:
        while header := incoming.read(HEADER.size):
            (size,) = HEADER.unpack(header)
            job: PageJob | FileJob = unpack(incoming.read(size))
            if isinstance(job, PageJob):
                prepare(unpack_rules(job.rules), witness=job.witness)
            channel.sendall(READY)
            signal.alarm(math.ceil(timeout) + ALARM_MARGIN)
            answer = _answer(job, frames)
            signal.alarm(0)
            channel.sendall(pack(answer))


def _answer(job: PageJob | FileJob, frames: Frames) -> Cleaned | FileText:
    try:
        return read_file(job.body) if isinstance(job, FileJob) else _cleaned(job, frames)
    except MemoryError:
        return Cleaned(Outcome.TOO_LARGE, "clean.memory")
    except Exception as error:  # noqa: BLE001 - the parent gets every fault by its name
        return Cleaned(Outcome.FAILED, f"clean.crashed:{type(error).__name__}: {error}")


def _cleaned(job: PageJob, frames: Frames) -> Cleaned:
    cleaned = clean_page(
        job.page,
        unpack_rules(job.rules),
        canonical_url=job.canonical_url,
        document_key=job.document_key,
        unit=job.unit,
        frames=frames,
    )
    return replace(cleaned, witness=bear_witness(job.page, cleaned)) if job.witness else cleaned


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
