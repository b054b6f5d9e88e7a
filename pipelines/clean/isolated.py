"""Clean pages in a child process, so that a page that hangs or kills the parser ends alone.

A thread cannot be ended and a parser in C holds the interpreter; only the end of a process is an
end. The child is started with the first page, reused, killed when a page exceeds the time limit,
and started anew with the next. A child that has grown is replaced between two pages.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from pipelines.clean.channel import (
    HEADER,
    READY,
    ChannelClosedError,
    FileJob,
    PageJob,
    pack,
    pack_rules,
    receive,
    receive_now,
    send_now,
    unpack,
)  # fmt: skip
from pipelines.clean.file_text import FileText
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.clean.rules import PageRules
    from pipelines.records import Page

# the child imports what the page needs before its clock starts; on a busy machine that takes long
START_LIMIT = 60.0
KEEP_BELOW = 400 << 20  # bytes of memory: a child that has grown beyond is replaced
_WITHOUT_ANSWER = frozenset({Outcome.TIMED_OUT, Outcome.FAILED, Outcome.TOO_LARGE})
WITNESSED = 500_000  # bytes: a second reading of a larger page costs more than it tells
_ROOT = Path(__file__).parents[2]


class _Forked:
    """A child made by fork, with what subprocess.Popen offers of a child that the cleaner uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        return self._collect(os.WNOHANG)

    def wait(self, _timeout: float | None = None) -> int | None:
        """Wait for its end; it is always killed first, or gone: no limit is needed."""
        return self._collect(0)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _collect(self, options: int) -> int | None:
        if self._code is None:
            ended, status = os.waitpid(self.pid, options)
            if ended:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


class IsolatedCleaner:
    """Cleans pages one after the other in one child process; ``timeout`` in seconds a page.

    ``clean`` serves asyncio, ``clean_now`` blocks; one cleaner serves one event loop or one thread.
    """

    def __init__(
        self, timeout: float, *, max_bytes: int = 10_000_000, keep_below: int = KEEP_BELOW
    ) -> None:
        self.timeout = timeout
        self.keep_below = keep_below
        self.max_bytes = max_bytes
        self._child: subprocess.Popen[bytes] | _Forked | None = None
        self._socket: socket.socket | None = None
        self._turn = asyncio.Lock()

    def fork(self, serve: Callable[[int, float], None]) -> None:
        """Start the first child by fork: at once, and with what this process has imported.

        ``serve`` is that of pipelines.clean.child, which most who hold a cleaner need not import.
        Only for a process that runs no thread and no event loop yet; later children are spawned.
        """
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            ours.close()
            try:
                serve(theirs.detach(), self.timeout)
            finally:
                os._exit(0)
        theirs.close()
        ours.settimeout(0)
        self._child, self._socket = _Forked(pid), ours

    async def clean(
        self,
        page: Page,
        rules: PageRules | None,
        *,
        canonical_url: str = "",
        document_key: str = "",
        unit: str = "",
        witness: bool = False,
    ) -> Cleaned:
        """Clean one page; the time limit and a crash of the child are named outcomes.

        ``witness``: have a page of common size read a second time by the generic path. A page on
        which that second reading fails is cleaned again without it.
        """
        if too_large := self._too_large(page):
            return too_large
        witness = witness and len(page.body) <= WITNESSED
        job = PageJob(page, pack_rules(rules), canonical_url, document_key, unit, witness)
        cleaned = await self._clean(job)
        if witness and cleaned.outcome in _WITHOUT_ANSWER:
            return await self._clean(replace(job, witness=False))
        return cleaned

    async def read_file(self, body: bytes) -> FileText:
        """Read an attached file; the time limit and a crash of the child are named outcomes."""
        found = await self._ask(pack(FileJob(body)))
        if isinstance(found, Cleaned):  # it did not come to an answer
            return FileText("failed" if found.outcome is Outcome.FAILED else found.outcome.value)
        return found

    async def _clean(self, job: PageJob) -> Cleaned:
        cleaned = await self._ask(pack(job))
        assert isinstance(cleaned, Cleaned), "a page was sent"
        return cleaned

    async def _ask(self, message: bytes) -> Cleaned | FileText:
        async with self._turn:
            channel = self._open()
            try:
                return await self._exchange(channel, message)
            except TimeoutError:
                return self._late()
            except (ChannelClosedError, OSError):
                return self._crash()
            except asyncio.CancelledError:
                self.close()  # its answer would be taken for the next page's
                raise

    def clean_now(
        self,
        page: Page,
        rules: PageRules | None,
        *,
        canonical_url: str = "",
        document_key: str = "",
        unit: str = "",
    ) -> Cleaned:
        """Clean one page and wait for it; outcomes as ``clean``."""
        if too_large := self._too_large(page):
            return too_large
        channel = self._open()
        try:
            packed = pack_rules(rules)
            job = PageJob(page, packed, canonical_url, document_key, unit, witness=False)
            return self._exchange_now(channel, pack(job))
        except TimeoutError:
            return self._late()
        except (ChannelClosedError, OSError):
            return self._crash()

    def close(self) -> None:
        """End the child, at once and for certain; the next page starts another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _too_large(self, page: Page) -> Cleaned | None:
        if len(page.body) <= self.max_bytes:
            return None
        return Cleaned(Outcome.TOO_LARGE, f"bounds.bytes:{len(page.body)}")

    def _swollen(self) -> bool:
        """Tell whether the child holds so much memory that a new one is cheaper to keep."""
        assert self._child is not None
        try:
            return psutil.Process(self._child.pid).memory_info().rss > self.keep_below
        except psutil.NoSuchProcess:
            return True

    def _open(self) -> socket.socket:
        if self._child is not None and (self._child.poll() is not None or self._swollen()):
            self.close()
        if self._socket is None:
            ours, theirs = socket.socketpair()
            with theirs:
                self._child = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "pipelines.clean.child",
                        str(theirs.fileno()),
                        str(self.timeout),
                    ],
                    cwd=_ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            ours.settimeout(0)
            self._socket = ours
        return self._socket

    async def _exchange(self, channel: socket.socket, message: bytes) -> Cleaned | FileText:
        async with asyncio.timeout(START_LIMIT):
            await asyncio.get_running_loop().sock_sendall(channel, message)
            await receive(channel, len(READY))
        async with asyncio.timeout(self.timeout):
            (size,) = HEADER.unpack(await receive(channel, HEADER.size))
            answer: Cleaned | FileText = unpack(await receive(channel, size))
            return answer

    def _exchange_now(self, channel: socket.socket, message: bytes) -> Cleaned:
        send_now(channel, message, START_LIMIT)
        receive_now(channel, len(READY), START_LIMIT)
        end = time.monotonic() + self.timeout
        (size,) = HEADER.unpack(receive_now(channel, HEADER.size, self.timeout))
        cleaned: Cleaned = unpack(receive_now(channel, size, end - time.monotonic()))
        return cleaned

    def _late(self) -> Cleaned:
        self.close()
        return Cleaned(Outcome.TIMED_OUT, f"clean.timeout:{self.timeout:g}s")

    def _crash(self) -> Cleaned:
        code = self._child.wait(START_LIMIT) if self._child is not None else None
        self.close()
        return Cleaned(Outcome.FAILED, f"clean.crashed:{code}")
