"""Three schedulers on one archive, each of them killed: every slot runs once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.fault_slots import slots_trial

if TYPE_CHECKING:
    from config.settings import Settings

KILLS = 3


def test_a_thousand_slots_run_once_each_while_schedulers_die(fault_settings: Settings) -> None:
    result = slots_trial(fault_settings, KILLS)
    print(result.notes)
    assert (result.lost, result.doubled, result.blows, result.ended) == (0, 0, KILLS, True)
