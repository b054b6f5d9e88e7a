"""One root and three verbs: what shall happen to the work that failed."""

from __future__ import annotations


class GomtinError(Exception):
    """A fault with a stable code, and the portal and URL it belongs to.

    ``code`` is stable for programs (``clean.timeout``); ``message`` is one sentence for a person
    that says what happened and what cures it.
    """

    def __init__(self, code: str, message: str, *, portal: str = "", url: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.portal = portal
        self.url = url


class Reject(GomtinError):  # noqa: N818 - a verb: never again
    """The input can never succeed: do not try again."""


class Retry(GomtinError):  # noqa: N818 - a verb: later
    """The work may succeed later: try again, within bounds."""


class Halt(GomtinError):  # noqa: N818 - a verb: stop this portal
    """Going on with this portal is useless or harmful: end the run."""
