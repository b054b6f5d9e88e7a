"""What reads foreign bytes never raises: what was found broken once, and new inputs each time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import attempt, main, numbered
from bench.fuzz_targets import CORPUS, TARGETS, Target, seeds
from bench.mutate import LONGEST, SPIKES, mutated

if TYPE_CHECKING:
    from pathlib import Path

NUMBERED = 12  # of each target: the whole run is bench.fuzz
by_name = {target.name: target for target in TARGETS}
each = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


@each
def test_the_corpus_is_read_every_way(target: Target) -> None:
    for kept in sorted((CORPUS / target.seeds).iterdir()):
        for choice in (0, 1, 2, 7, 14, 35):
            target.run(kept.read_bytes(), choice)


@each
def test_numbered_mutations_do_no_harm(target: Target, tmp_path: Path) -> None:
    for number in range(NUMBERED):
        assert not attempt(target, number, tmp_path)


@pytest.mark.parametrize("name", [name for name in by_name if name != "page"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.sampled_from(SPIKES) | st.binary(max_size=40) | st.text(max_size=40)),
    choice=st.integers(0, (1 << 16) - 1),
)
def test_any_bytes_are_read_or_refused(name: str, parts: list[bytes | str], choice: int) -> None:
    body = b"".join(
        one.encode("utf-8", "replace") if isinstance(one, str) else one for one in parts
    )
    by_name[name].run(body, choice)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.sampled_from(SPIKES) | st.binary(max_size=40), max_size=30),
    family=st.integers(2, 60),
)
def test_any_page_ends_by_name(parts: list[bytes], family: int) -> None:
    by_name["page"].run(b"<html><body><h1>Tin</h1><p>".join(parts), family)


def test_an_input_follows_from_its_number() -> None:
    target = by_name["dates"]
    assert numbered(target, 5) == numbered(target, 5)
    assert numbered(target, 5) != numbered(target, 6)
    made = [mutated(seeds("pages"), random.Random(number)) for number in range(50)]
    assert max(map(len, made)) <= LONGEST
    assert len(set(made)) > 45


def test_the_table_counts_what_was_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = str(tmp_path / "found")
    monkeypatch.setattr("sys.argv", ["fuzz", "--pages", "30", "--only", "dates", "--keep", kept])
    assert main() == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:4] == ["dates", "30", "0", "0"]
