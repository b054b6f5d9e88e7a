"""Name the rules that pages are read by today: notes made by other rules must not be used."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import crawler
import pipelines.clean
from crawler import families, spiders

READERS = ("lxml", "selectolax", "trafilatura")


def rules_version() -> str:
    """Give a digest of the code that cleans and of the libraries that it reads with."""
    digest = hashlib.sha256()
    for package in (pipelines.clean, families, spiders):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(path.read_bytes())
    digest.update((Path(crawler.__path__[0]) / "portal.py").read_bytes())
    digest.update(" ".join(version(name) for name in READERS).encode())
    return digest.hexdigest()
