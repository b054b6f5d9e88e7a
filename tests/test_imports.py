"""The import direction: config <- pipelines <- {crawler, workers, console} <- cli."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "config": {"config"},
    "pipelines": {"config", "pipelines"},
    "crawler": {"config", "pipelines", "crawler"},
    "workers": {"config", "pipelines", "workers"},
    "console": {"config", "pipelines", "console"},
    "demo": {"config", "pipelines", "crawler", "workers", "demo", "cli"},
    "cli": {"config", "pipelines", "crawler", "workers", "console", "cli"},
}
# pipelines are pure: nothing of the crawl, the queue or the web reaches them
NOT_IN_PIPELINES = {"scrapy", "twisted", "celery", "kombu", "redis", "fastapi", "uvicorn"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_packages_import_only_what_lies_below_them(package: str) -> None:
    own = set(MAY_IMPORT)
    wrong = {
        str(path.relative_to(ROOT)): sorted(found)
        for path in sorted((ROOT / package).rglob("*.py"))
        if (found := (imported(path) & own) - MAY_IMPORT[package])
    }
    assert not wrong


def test_pipelines_are_free_of_scrapy_celery_redis_and_web() -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(found)
        for path in sorted((ROOT / "pipelines").rglob("*.py"))
        if (found := imported(path) & NOT_IN_PIPELINES)
    }
    assert not wrong
