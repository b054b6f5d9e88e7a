"""What can go wrong with the archive, by name."""

from __future__ import annotations

from pipelines.errors import GomtinError


class StoreError(GomtinError):
    """The archive cannot be opened or is of another time than this code."""


class ActiveRun(GomtinError):  # noqa: N818 - names the state of affairs, not a failure
    """The portal already has a run that is not over; ``run_id`` names it."""

    def __init__(self, portal: str, run_id: int) -> None:
        super().__init__(
            "run.active",
            f"{portal} has run {run_id}, which must end first; gomtin status shows it",
            portal=portal,
        )
        self.run_id = run_id


class Missing(GomtinError):  # noqa: N818 - names the state of affairs, not a failure
    """The archive holds no such row."""
