"""What an operator asks at night: status, failures, retry, the schedule, and gomtin up."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.request import urlopen

import psutil
import pytest

from pipelines.records import Draft, Outcome
from pipelines.store.engine import open_store
from pipelines.store.inbox import deliver
from pipelines.store.letters import bury
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, create_run, finish_fetch
from workers.roles import RoleLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Gomtin

NOW = datetime.now(UTC)


@pytest.fixture
def troubled(tmp_path: Path, make_draft: Callable[..., Draft]) -> Path:
    """An archive with two dead letters, a page behind a challenge and a run that failed."""
    data = tmp_path / "data"
    store = open_store(f"sqlite:///{data / 'gomtin.sqlite3'}")
    drafts = [
        replace(make_draft(document_key=key, portal="hiepninh"), title=f"Hội nghị thứ {key}")
        for key in ("1", "2")
    ]
    with store.begin() as conn:
        run = create_run(conn, "hiepninh", "incremental", RunParams(), NOW)
        claim_run(conn, run, "test", NOW, 60)
        rows = [OutcomeRow(draft.url, draft.url, Outcome.FETCHED) for draft in drafts]
        url = "https://hiepninh.example/3"
        rows.append(OutcomeRow(url, url, Outcome.CHALLENGE, "challenge.d1n: a [/b] page"))
        record_outcomes(conn, run, "hiepninh", rows, NOW)
        for draft in drafts:
            row = deliver(conn, run, "hiepninh", draft.url, draft, None, NOW)
            bury(conn, row, "ingest.poison", "ValueError: [/b] is odd", NOW)
        finish_fetch(conn, run, "test", NOW, "the host [/b] is away")
    store.close()
    return data


def test_an_empty_archive_says_what_to_do_next(gomtin: Gomtin) -> None:
    for command, said in (
        (["status"], "the archive is empty; gomtin crawl PORTAL fills it, gomtin portals lists"),
        (["articles"], "0 articles"),
        (["failures"], "nothing fails at present"),
        (["retry", "--all"], "nothing of that kind fails; gomtin failures lists what does"),
        (["schedule"], "nothing is scheduled; gomtin schedule set PORTAL does it"),
        (["reextract"], "0 of 0 articles come out differently"),
    ):
        answer = gomtin(*command)
        assert (answer.code, answer.lines) == (0, [said])


def test_status_shows_numbers_and_the_fault_of_the_last_run(gomtin: Gomtin, troubled: Path) -> None:
    answer = gomtin("status", data=troubled)
    (row,) = gomtin("status", "--json", data=troubled).rows

    assert answer.lines[0].split()[:6] == ["portal", "state", "stored", "7", "days", "inbox"]
    assert answer.lines[1].split()[:7] == ["hiepninh", "broken", "0", "0", "0", "2", "#1"]
    reason, cure, total = answer.lines[2:]
    assert (reason, total) == ("hiepninh: run 1: the host [/b] is away", "1 portal: 1 broken")
    assert re.fullmatch(r"    since \d+ (s|min) ago; type gomtin check hiepninh", cure)
    assert datetime.fromisoformat(row.pop("since")) < datetime.now(UTC)
    assert row == {
        "portal": "hiepninh", "state": "broken", "reason": "run 1: the host [/b] is away",
        "cure": "gomtin check hiepninh",
        "articles": 0, "new_this_week": 0, "waiting": 0, "dead_letters": 2,
        "last_run": {"id": 1, "state": "failed", "error": "the host [/b] is away"},
        "next_at": None, "paused": False,
    }  # fmt: skip


def test_failures_are_grouped_by_cause_with_an_example(gomtin: Gomtin, troubled: Path) -> None:
    answer = gomtin("failures", "--portal", "hiepninh", "--since", "1h", data=troubled)
    rows = gomtin("failures", "--json", data=troubled).rows

    assert [(row["outcome"], row["code"], row["count"], row["dead_letters"]) for row in rows] == [
        ("dead_letter", "ingest.poison", 2, [2, 1]),
        ("challenge", "challenge.d1n", 1, []),
    ]
    assert set(rows[0]) == {
        "portal", "outcome", "code", "count", "example_url", "example_detail", "last_at",
        "given_up", "dead_letters",
    }  # fmt: skip
    assert "https://hiepninh.example/3  challenge.d1n: a [/b] page" in answer.out
    assert answer.lines[-2:] == [
        "    2  hiepninh: ingest.poison: ValueError: [/b] is odd",
        "       ids 2 1; https://hiepninh.example/2",
    ]
    later = gomtin("failures", "--since", "2100-01-01", data=troubled)
    assert later.lines == ["nothing fails at present"]


def test_retry_ingests_dead_letters_and_names_an_unknown_one(
    gomtin: Gomtin, troubled: Path
) -> None:
    unknown = gomtin("retry", "1", "7", data=troubled)
    for span in (
        ("--until", "2d"),
        ("--since", "2100-01-01"),
        ("--code", "other", "--since", "1h"),
    ):
        none = gomtin("retry", *span, data=troubled)
        assert none.lines == ["nothing of that kind fails; gomtin failures lists what does"]
    answer = gomtin("retry", "--code", "ingest.poison", "--since", "1h", data=troubled)

    assert unknown.code == 2
    assert gomtin("retry", data=troubled).code == 2
    assert "there is no dead letter 7" in unknown.err
    assert (answer.code, answer.lines) == (0, ["2 retried, 0 of them are dead letters again"])
    titles = [row["title"] for row in gomtin("articles", "--format", "jsonl", data=troubled).rows]
    assert sorted(titles) == ["Hội nghị thứ 1", "Hội nghị thứ 2"]
    assert [row["outcome"] for row in gomtin("failures", "--json", data=troubled).rows] == [
        "challenge"
    ]


def test_programs_read_what_became_of_each_dead_letter(gomtin: Gomtin, troubled: Path) -> None:
    rows = gomtin("retry", "1", "2", "--json", data=troubled).rows
    assert {one["dead_letter"]: one["state"] for one in rows} == {1: "ingested", 2: "ingested"}


def test_a_dead_letter_can_be_dropped(gomtin: Gomtin, troubled: Path) -> None:
    dropped = gomtin("retry", "2", "--drop", data=troubled)
    assert (dropped.code, dropped.lines) == (0, ["1 dead letter removed for good"])
    rows = gomtin("failures", "--json", data=troubled).rows
    assert [(row["outcome"], row["count"], row["dead_letters"]) for row in rows] == [
        ("challenge", 1, []),
        ("dead_letter", 1, [1]),
    ]
    assert gomtin("retry", "2", "--drop", data=troubled).code == 2
    (rest,) = gomtin("retry", "--portal", "hiepninh", "--drop", "--json", data=troubled).rows
    assert (rest["dead_letter"], rest["state"]) == (1, "dropped")
    assert [row["outcome"] for row in gomtin("failures", "--json", data=troubled).rows] == [
        "challenge"
    ]


def test_the_schedule_says_when_and_why(gomtin: Gomtin) -> None:
    every = gomtin("schedule", "set", "hiepninh", "--every", "90m")
    cron = gomtin("schedule", "set", "baoangiang", "--cron", "15 6-22 * * *")
    paused = gomtin("schedule", "pause", "hiepninh", "--reason", "the [/b] site moves")
    until = gomtin("schedule", "pause", "baoangiang", "--reason", "x", "--until", "2100-01-01")

    assert every.lines[0].startswith("hiepninh runs next at ")
    assert every.lines[0].endswith(", every 90 min")
    assert cron.lines[0].endswith(", cron 15 6-22 * * *")
    assert paused.lines == ["hiepninh is paused until resumed: the [/b] site moves"]
    assert until.lines == ["baoangiang is paused until 2100-01-01 00:00: x"]
    table = gomtin("schedule", "list")
    assert table.out == gomtin("schedule").out
    assert any("paused until resumed: the [/b] site" in line for line in table.lines)
    rows = {row["portal"]: row for row in gomtin("schedule", "list", "--json").rows}
    assert set(rows["hiepninh"]) == {
        "portal", "section", "adaptive", "every_seconds", "within_seconds", "cron", "priority",
        "next_at", "paused", "why",
    }  # fmt: skip
    assert (rows["hiepninh"]["every_seconds"], rows["hiepninh"]["paused"]) == (5400, True)
    assert gomtin("schedule", "resume", "hiepninh").lines[0].startswith("hiepninh runs next at ")
    for said in ("is off", "was not on"):
        assert gomtin("schedule", "drop", "baoangiang").lines == [f"baoangiang {said} the schedule"]
    run = gomtin("schedule", "run", "hiepninh")
    assert run.lines == ["hiepninh: run 1 is queued; gomtin up takes it"]
    again = gomtin("schedule", "run", "hiepninh")
    assert again.code == 1
    assert again.err == (
        "gomtin: hiepninh has run 1, which must end first; gomtin status shows it\n"
    )


def test_an_adaptive_schedule_explains_itself(gomtin: Gomtin) -> None:
    assert "baoangiang has no slot in the schedule" in gomtin("schedule", "why", "baoangiang").err
    said = gomtin(
        "schedule", "set", "hiepninh", "danvankheo", "--requests", "40", "--quiet", "22:00-05:00",
        "--worth", "2h", "--holidays", "--priority", "2",
    )  # fmt: skip
    assert [line.split()[0] for line in said.lines] == ["hiepninh", "danvankheo"]
    assert said.lines[0].endswith(", adaptive (no plan yet: every hour)")
    why = gomtin("schedule", "why", "hiepninh").out
    for words in (
        "at most every 10 min, at least every 1 d, within 40 requests a day",
        "a visit where it spares articles 2 h of waiting, together",
        "never during 22:00-05:00", "never on public holidays", "priority 2",
        "assumed, with no publication time", "visits a day are planned", "next: 20",
    ):  # fmt: skip
        assert words in why
    (told,) = gomtin("schedule", "why", "hiepninh", "--json").rows
    assert told["why"] in " ".join(why.split())
    assert told["bounds"][0] in why
    assert (told["plan"]["publication_times"], len(told["plan"]["busiest_hours"])) == (0, 2)
    assert told["plan"]["visits"] == sorted(told["plan"]["visits"]) != []
    assert gomtin("schedule", "set", "baoangiang", "--every", "2h").code == 0
    assert gomtin("schedule", "why", "baoangiang", "--json").rows[0]["plan"] is None
    gomtin("schedule", "set", "hiepninh", "--within", "3h")
    why = gomtin("schedule", "why", "hiepninh").out
    for words in (
        "as few visits as find 95 of 100 articles within 3 h",
        "on average, 9", "of them at most 3 h",
    ):  # fmt: skip
        assert words in " ".join(why.split())
    (told,) = gomtin("schedule", "why", "hiepninh", "--json").rows
    assert 0 < told["plan"]["share_late"] <= 0.05


@pytest.fixture
def up(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running ``gomtin up`` on a free port, and the address of its console."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "up", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"GOMTIN_DATA": str(tmp_path / "data"), "COLUMNS": "80"},
    )
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said.startswith("gomtin is up: console at http://127.0.0.1:")
    yield process, said.split()[5].rstrip(",")
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stderr.close()


def test_up_serves_the_console_and_leaves_nothing_behind(
    up: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = up
    children = psutil.Process(process.pid).children(recursive=True)

    with urlopen(f"{address}health") as answer:
        assert json.load(answer) == {"status": "up", "portals": []}
    with urlopen(address) as answer:
        assert "<title>Portals - gomtin</title>" in answer.read().decode()
    process.send_signal(signal.SIGTERM)

    assert process.wait(20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == "stopping: workers finish what they hold\n"
    assert len(children) >= 4
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_up_says_whose_workers_it_waits_for(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    locks = [RoleLock(tmp_path / "data", role) for role in ("ingest", "crawl", "clock")]
    assert all(lock.take() for lock in locks)
    process, _ = request.getfixturevalue("up")
    assert process.stderr.readline() == (
        "another gomtin runs ingest, crawl, clock for it; when that ends, this one does\n"
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    for lock in locks:
        lock.free()


def test_up_starts_nothing_when_its_port_is_taken(gomtin: Gomtin, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = gomtin("up", "--port", port)

    assert answer.code == 1
    assert answer.err.startswith(f"gomtin: the console cannot listen on 127.0.0.1:{port}: ")
    assert answer.err.endswith("choose another --host or --port\n")
    assert not (tmp_path / "data" / "run").exists()
