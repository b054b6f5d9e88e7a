"""Judge the stories of an archive by the truth of recorded sites.

    python -m bench.dedupe_truth ARCHIVE.sqlite3 SITE.truth.jsonl [ANOTHER.truth.jsonl.gz ...]

Lines of a truth are {url, dup_group, dup_kind, series, title, sapo, paragraphs}: articles of one
group tell one text, ``dup_kind`` says how a copy was made; those of one series are different issues
of one notice. The archive may have met the sites at other ports: paths decide. Printed are the
groups that stand in several stories, the stories that hold several groups or issues, and what the
archive calls each kind of copy, with the share that it calls right: a copy whose original was not
recorded is the original here, and an edit that changed no word is identical.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.dedupe import rows
from pipelines.dedupe.normal import content_hash
from pipelines.store.engine import open_store
from pipelines.store.schema import articles, story_members

if TYPE_CHECKING:
    from collections.abc import Iterable

Judged = tuple[dict[str, Any], int, str]
"""What the truth says of an article, its story, and what the archive calls it."""
NAMES = {
    "original": "original", "exact_copy": "identical", "nfd": "identical", "tone": "identical",
    "dateline": "republished", "new_title": "republished", "light_edit": "revised",
    "trimmed": "excerpt", "extended": "extended",
}  # fmt: skip
"""What the archive calls a copy that was made so."""
EDITED = "light_edit"


def stored(archive: Path, truth: Iterable[dict[str, Any]]) -> list[Judged]:
    """Give what the archive says of the articles that the truth knows."""
    known = {_path(one["url"]): one for one in truth}
    store = open_store(f"sqlite:///{archive}")
    columns = (articles.c.canonical_url, articles.c.story_id, story_members.c.kind)
    query = select(*columns).join(story_members, story_members.c.article_id == articles.c.id)
    with store.read() as conn:
        found = [(_path(url), story_id, kind) for url, story_id, kind in conn.execute(query)]
    store.close()
    return [(known[path], story_id, kind) for path, story_id, kind in found if path in known]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return unquote(f"{parts.path}?{parts.query}")


def report(judged: list[Judged]) -> list[str]:
    """Lay out how stories and kinds of copies stand to the truth."""
    stories: defaultdict[str, set[int]] = defaultdict(set)
    groups: defaultdict[int, set[str]] = defaultdict(set)
    issues: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    called: defaultdict[str, Counter[str]] = defaultdict(Counter)
    right: Counter[str] = Counter()
    originals = {true["dup_group"]: true for true, *_ in judged if true["dup_kind"] == "original"}
    for true, story_id, kind in judged:
        stories[true["dup_group"]].add(story_id)
        groups[story_id].add(true["dup_group"])
        if true["series"]:
            issues[story_id, true["series"]].add(true["dup_group"])
        called[true["dup_kind"]][kind] += 1
        right[true["dup_kind"]] += kind == _name(true, originals.get(true["dup_group"]))
    split, mixed, merged = (
        sum(len(one) > 1 for one in found.values()) for found in (stories, groups, issues)
    )
    lines = [f"{len(judged)} articles, {len(stories)} texts; in several stories {split}"]
    lines.append(f"stories with several texts {mixed}, with several issues of a series {merged}")
    for name, found in sorted(called.items()):
        said = ", ".join(f"{kind} {count}" for kind, count in found.most_common())
        lines.append(f"{name:12} {right[name] / found.total():5.3f}  {said}")
    lines.append(f"{'all':12} {right.total() / len(judged):5.3f}")
    return lines


def _name(true: dict[str, Any], original: dict[str, Any] | None) -> str:
    if original is None:
        return "original"
    if true["dup_kind"] == EDITED and _words(true) == _words(original):
        return "identical"
    return NAMES[true["dup_kind"]]


def _words(true: dict[str, Any]) -> str:
    body = [one["x"] for one in true["paragraphs"]]
    return content_hash(
        true["title"], [true["sapo"], *(line for line in body if line != true["sapo"])]
    )


def main() -> int:
    """Judge the archive and truths of the command line."""
    archive, *truths = map(Path, sys.argv[1:])
    judged = stored(archive, (one for path in truths for one in rows(path)))
    if not judged:
        raise SystemExit(f"{archive} holds no article of these sites: crawl them first")
    print("\n".join(report(judged)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
