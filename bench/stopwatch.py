"""Add up the CPU time that chosen functions of the product take while it does its work."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Stopwatch:
    """Measures functions where they stand, each without the measured functions that it calls.

    ``seconds`` is the thread's CPU time (user and system) by stage, ``calls`` the number of calls
    and ``longest`` the longest of them; what other threads do in the meantime does not count.
    ``server`` tells the CPU seconds of a process that works for this one and counts, too.
    """

    def __init__(self, server: Callable[[], float] = lambda: 0.0) -> None:
        self._server = server
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.longest: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._local = threading.local()

    @contextmanager
    def around(
        self, owner: object, name: str, stage: str, first: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Measure ``owner.name`` (of a module or a class) while the context is open.

        ``first`` is called before the first call.
        """
        plain = getattr(owner, name)
        notices = [first] if first else []

        @wraps(plain)
        def measured(*args: object, **kwargs: object) -> object:
            if notices:
                notices.pop()()
            with self.lap(stage):
                return plain(*args, **kwargs)

        setattr(owner, name, measured)
        try:
            yield
        finally:
            setattr(owner, name, plain)

    @contextmanager
    def lap(self, stage: str) -> Iterator[None]:
        """Measure what happens in the context."""
        inner: list[float] = self._local.__dict__.setdefault("inner", [])
        inner.append(0.0)
        start = time.thread_time() + self._server()
        try:
            yield
        finally:
            spent = time.thread_time() + self._server() - start
            own = spent - inner.pop()
            if inner:
                inner[-1] += spent
            with self._lock:
                self.seconds[stage] += own
                self.longest[stage] = max(self.longest[stage], own)
                self.calls[stage] += 1
