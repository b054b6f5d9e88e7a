"""Write the preview: one HTML file that holds all it shows; it runs and loads nothing of the page.

The original stands in a frame that may not run scripts, as a copy without anything of its own but
text; the sheet's own script is named by its hash, and nothing else is allowed by its policy.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from crawler.preview.family_ties import FamilyReader
from crawler.preview.generic_ties import GenericReader
from crawler.preview.original import Original, collect, marked_html
from crawler.preview.refusal import evidence, explained
from pipelines.clean import family_page, tree
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.preview.ties import Tie
    from pipelines.clean.rules import PageRules
    from pipelines.records import Draft, Page

# of these there is no page to show, or none that a parser should be given
UNPARSED = frozenset(
    {Outcome.TOO_LARGE, Outcome.TIMED_OUT, Outcome.BAD_ENCODING, Outcome.BAD_CONTENT,
     Outcome.EMPTY, Outcome.FAILED}
)  # fmt: skip
SOURCE = 20_000  # characters of the source that are shown of such a page
DROPPED = 60
SHORT = 300
FRAME = """<!doctype html><meta charset="utf-8"><style>
:root { color-scheme: light dark; --text: #1b1b1a; --dim: #a9a9a3; --on: #ffe08a; --kept: #eef6f0; }
@media (prefers-color-scheme: dark) {
 :root { --text: #ececea; --dim: #6e6e69; --on: #6b5200; --kept: #1f2c24; } }
body { margin: .6rem; font: 14px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif;
 color: var(--dim); overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6 { font-size: 1.05em; margin: .5em 0; }
ul, ol { padding-left: 1.2em; margin: .3em 0; } p { margin: .5em 0; }
td, th { padding: .1em .4em; vertical-align: top; }
.kept { color: var(--text); background: var(--kept); }
.dropped { text-decoration: line-through; }
.picture { display: inline-block; border: 1px dashed; padding: 0 .4em; font-size: .85em; }
[data-tie] { cursor: pointer; } [data-tie]:not(span) { outline: 1px dotted; }
.on { background: var(--on); color: var(--text); }
</style>"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A page with what was made of it: the rules (None: generic path), the result.

    ``other`` is what the generic path makes of a page that the family refuses.
    """

    page: Page
    family: str
    rules: PageRules | None
    cleaned: Cleaned
    other: Cleaned | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What is shown beside the original: fields, text, what was taken out; all tied."""

    fields: Sequence[Tie] = ()
    body: Sequence[Tie] = ()
    captions: Sequence[Tie] = ()
    dropped: Sequence[Tie] = ()
    version: str = ""

    @property
    def ties(self) -> list[Tie]:
        """Give all of them; a tie's number is its place among them, from 1."""
        return [*self.fields, *self.body, *self.captions, *self.dropped]


def sheet_of(subject: Subject) -> str:
    """Write the whole file."""
    original = _original(subject)
    found = _found(subject, original) if original else _Found()
    script = files(__package__).joinpath("sheet.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    draft = subject.cleaned.draft
    return Template(files(__package__).joinpath("sheet.html").read_text("utf-8")).substitute(
        title=escape(draft.title if draft else subject.page.url),
        head=_head(subject, found.version),
        legend="· what is kept is marked, the rest is left out" if draft else "",
        original=_frame(original, found) if original else _source(subject.page),
        found=_article(draft, found) if draft else _refusal(subject, found),
        script=script,
        script_hash=f"sha256-{digest}",
    )


def _original(subject: Subject) -> Original | None:
    page = subject.page
    if subject.cleaned.outcome in UNPARSED:
        return None
    if page.content_type == "text/plain":
        lines = page.body.decode(page.encoding or "utf-8-sig", "replace").splitlines()
        return Original("".join(f"<p>{escape(line)}</p>" for line in lines).encode())
    body = tree.to_utf8(page.body, page.encoding)
    return None if isinstance(body, Cleaned) else Original(body)


def _found(subject: Subject, original: Original) -> _Found:
    page, cleaned = subject.page, subject.cleaned
    if cleaned.draft is None:
        return _Found(evidence(original, page, subject.rules, cleaned))
    located = None
    if subject.rules and cleaned.draft.extractor == "family":
        located = family_page.locate(original.tree, subject.rules, page.fetched_at)
    if isinstance(located, family_page.Located):
        reader: FamilyReader | GenericReader = FamilyReader(original, page, cleaned.draft, located)
        version = located.rules.since
    else:
        reader, version = GenericReader(original, page, cleaned.draft), ""
    dropped = [replace(one, value=_cut(one.value)) for one in reader.dropped()]
    return _Found(
        list(reader.fields()), reader.paragraphs(), reader.captions(), dropped[:DROPPED], version
    )


def _frame(original: Original, found: _Found) -> str:
    pairs = [(node, mark) for mark, tie in enumerate(found.ties, 1) for node in tie.nodes]
    gone = {node for tie in found.dropped for node in tie.nodes}
    body = marked_html(original, collect(pairs), gone)
    return f'<iframe sandbox="allow-same-origin" srcdoc="{escape(FRAME + body)}"></iframe>'


def _source(page: Page) -> str:
    text = page.body[:SOURCE].decode(page.encoding or "utf-8", "replace")
    return f'<pre class="source">{escape(text)}</pre>'


def _head(subject: Subject, version: str) -> str:
    page, cleaned = subject.page, subject.cleaned
    draft = cleaned.draft
    outcome = "article" if draft else cleaned.outcome.value
    path = f"{draft.extractor} rules" if draft else "refused"
    facts = [subject.family, path, f"version of {version}" if version else ""]
    facts.append(f"portal {page.portal}" if page.portal else "")
    facts.append(f"fetched {page.fetched_at:%Y-%m-%d %H:%M} UTC")
    why = explained(cleaned)
    reason = f" <code>{escape(cleaned.reason)}</code>" if cleaned.reason else ""
    said = f"{reason}{': ' + escape(why) if why else ''}"
    style = "outcome article" if draft else "outcome"
    return (
        f'<h1><span class="{style}">{escape(outcome)}</span>{said}</h1>'
        f"<p>{escape(page.url)}</p><p>{escape(' · '.join(filter(None, facts)))}</p>"
    )


def _article(draft: Draft, found: _Found) -> str:
    start = len(found.fields) + 1
    body = _paragraphs(found.body, start, draft.summary)
    start += len(found.body)
    captions = _paragraphs(found.captions, start)
    title = f'<h3 data-tie="1">{escape(draft.title)}</h3>'
    text = f'<div class="article-text">{title}{body}{captions}</div>'
    out = ""
    if found.dropped:
        rows = _rows(found.dropped, start + len(found.captions))
        summary = f"<summary>taken out: {len(found.dropped)}</summary>"
        out = f"<details>{summary}{rows}</details>"
    return f"<h2>fields</h2>{_rows(found.fields, 1)}<h2>article</h2>{text}{out}"


def _paragraphs(ties: Sequence[Tie], start: int, lead: str | None = None) -> str:
    parts = []
    for number, tie in enumerate(ties, start):
        style = "lead" if tie.value == lead else tie.name
        rule, text = escape(tie.rule), escape(tie.value)
        parts.append(f'<p class="{style}" data-tie="{number}" title="{rule}">{text}</p>')
    return "".join(parts)


def _refusal(subject: Subject, found: _Found) -> str:
    parts = [
        "<h2>why</h2>",
        f"<p>{escape(explained(subject.cleaned) or subject.cleaned.reason)}</p>",
    ]
    if found.fields:
        parts += ["<h2>what the rules found</h2>", _rows(found.fields, 1)]
    if subject.other:
        other = subject.other
        said = f"it would refuse it too: {other.outcome.value} {other.reason}"
        if other.draft:
            said = f"it would read “{other.draft.title}”, {len(other.draft.body)} paragraphs"
        parts += ["<h2>the generic path</h2>", f"<p>{escape(said)}</p>"]
    return "".join(parts)


def _rows(ties: Iterable[Tie], start: int) -> str:
    rows = (
        f'<tr data-tie="{number}" tabindex="0"><td>{escape(tie.name)}</td>'
        f"<td>{escape(_cut(tie.value))}<code>{escape(tie.rule)}</code></td></tr>"
        for number, tie in enumerate(ties, start)
    )
    return f"<table>{''.join(rows)}</table>"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else text[:SHORT].rpartition(" ")[0] + " ..."
