"""The command line as a person uses it: arguments in, what it prints and its exit code out."""

from __future__ import annotations

import contextlib
import io
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from cli.main import main
from cli.session import console, notes
from demo.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

PORTALS = Path(__file__).parents[1] / "portals"
WIDTH = 80


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The printed lines as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def lines(self) -> list[str]:
        """The printed lines, without the white space that rich fills them with."""
        return [line.rstrip() for line in self.out.splitlines()]


class Gomtin(Protocol):
    """Run the command in this process; ``data`` is its archive's folder."""

    def __call__(self, *arguments: str | Path, data: Path | None = None) -> Answer: ...


@pytest.fixture
def gomtin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Gomtin:
    """The command over a fresh archive, in a window of 80 columns."""
    monkeypatch.setattr(console, "_width", WIDTH)
    monkeypatch.setattr(notes, "_width", WIDTH)

    def run(*arguments: str | Path, data: Path | None = None) -> Answer:
        monkeypatch.setenv("GOMTIN_DATA", str(data or tmp_path / "data"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        code = ended.value.code
        assert isinstance(code, int)
        return Answer(code, printed.out, printed.err)

    return run


@dataclass(frozen=True)
class Crawled:
    """An archive of the replicas, crawled on both days, and the addresses that were crawled."""

    data: Path
    urls: dict[str, str]
    first: list[dict[str, Any]]
    second: list[dict[str, Any]]


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """The archive of two of the replicas after two days; tests only read it."""
    data = tmp_path_factory.mktemp("crawled") / "data"
    with serve() as replicas, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOMTIN_DATA", str(data))
        portals = ("danvankheo", "hongngu", "baoangiang")
        arguments = ["crawl", *portals, "--delay", "0", "--json"]
        for portal in portals:
            arguments += ["--base-url", f"{portal}={replicas.urls[portal]}"]
        first = _json_of(arguments)
        time.sleep(1)  # a portal tells whole seconds: its correction is later than the first visit
        replicas.set_day(2)
        second = _json_of(arguments)
        yield Crawled(data, dict(replicas.urls), first, second)


def _json_of(arguments: list[str]) -> list[dict[str, Any]]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    return [json.loads(line) for line in printed.getvalue().splitlines()]


@pytest.fixture
def saved_pages(tmp_path: Path) -> Path:
    """A folder of saved pages: two articles, a listing and a text without markup."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for name in ("seed", "series", "listing"):
        source = PORTALS / "hiepninh" / f"{name}.html"
        (folder / source.name).write_bytes(source.read_bytes())
    return folder
