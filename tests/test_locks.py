"""What is installed is what was locked: every requirement pinned, hashed, and from a lock file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PINNED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==[^\s;]+(?: ;.*)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def requirements(lock: Path) -> list[list[str]]:
    """The requirements of a lock file, each as its own line and those of its hashes."""
    text = "\n".join(
        line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")
    )
    joined = text.replace("\\\n", "\x00").splitlines()
    return [[part.strip() for part in one.split("\x00")] for one in joined if one.strip()]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    held = requirements(lock)
    assert held
    assert [first for first, *_ in held if not PINNED.match(first)] == []
    loose = [one[0] for one in held if len(one) < 2 or not all(map(HASH.match, one[1:]))]
    assert loose == []


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.lock", ["setup"]), ("requirements-dev.lock", ["setup", "dev"])],
)
def test_every_dependency_is_locked(lock: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = (one for extra in extras for one in project["optional-dependencies"][extra])
    found = [NAME.match(one) for one in (*project["dependencies"], *optional)]
    wanted = {normal(name[0]) for name in found if name}
    pinned = (PINNED.match(first) for first, *_ in requirements(ROOT / lock))
    assert wanted - {normal(one["name"]) for one in pinned if one} == set()


@pytest.mark.parametrize("place", ["Makefile", "Dockerfile"])
def test_nothing_is_installed_past_the_locks(place: str) -> None:
    installs = [line for line in (ROOT / place).read_text().splitlines() if "pip install" in line]
    assert installs
    assert [
        one for one in installs if "--require-hashes" not in one and "--no-deps" not in one
    ] == []
