"""Say why a page is no article, with the evidence that its rules found on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.preview.ties import Tie
from pipelines.clean.family_page import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.preview.original import Original
    from pipelines.clean.rules import PageRules
    from pipelines.records import Cleaned, Page

_WHY = (
    ("judge.blocked", "the site turns the crawler away: its blocking page"),
    ("judge.login", "a page to log in on"),
    ("judge.soft_404", "the site says that it has no such page, with status 200"),
    ("judge.title_404", "its title says that there is no such page"),
    ("judge.other", "a page of this CMS that is no article"),
    ("judge.listing", "a list of articles, without title and body of one"),
    ("judge.gallery", "a gallery: pictures without a text"),
    ("judge.thin", "too few words for an article (their number follows the code)"),
    ("judge.print", "the print view of an article"),
    ("clean.empty_selector", "the family's selectors find no article: another template?"),
    ("clean.timeout", "cleaning it took too long"),
    ("clean.crashed", "the cleaner crashed on it"),
    ("generic.no_text", "no main text was found"),
    ("generic.no_title", "no title of its own"),
    ("generic.thin", "too few words for an article (their number follows the code)"),
    ("generic.no_evidence", "nothing shows that it is an article: no markup, heading or title"),
    ("generic.no_prose", "mostly short lines, hardly any sentences"),
    ("generic.teasers", "a list of headlines with teasers"),
    ("generic.denied", "it says that access is denied"),
    ("generic.not_found", "it says that there is no such page"),
    ("generic.password", "it asks for a password"),
    ("encoding.", "its letters cannot be read: an old Vietnamese charset, or a broken one"),
    ("content.", "no HTML page"),
    ("bounds.", "larger or deeper than any page: refused before it could hang a parser"),
    ("challenge.", "a challenge for browsers stands in the page's place"),
    ("blocked.", "the site turns the crawler away"),
    ("http.", "the status of the answer"),
    ("page.empty", "an empty answer"),
)


def explained(cleaned: Cleaned) -> str:
    """Say in a sentence what a reason's code means; "" for one that speaks for itself."""
    return next((why for code, why in _WHY if cleaned.reason.startswith(code)), "")


def evidence(
    original: Original, page: Page, rules: PageRules | None, cleaned: Cleaned
) -> list[Tie]:
    """Give what on the page speaks for the refusal, and what the rules looked for in vain."""
    found: list[Tie] = []
    selector = cleaned.reason.partition(":")[2]
    if cleaned.reason.startswith("judge.") and rules and _is_marker(rules, selector):
        nodes = original.tree.css(selector)
        said = f"{len(nodes)} matches"
        found.append(Tie("shown by", said, selector, tuple(node.mem_id for node in nodes)))
    if rules:
        found += _searched(original, page, rules)
    return found


def _is_marker(rules: PageRules, selector: str) -> bool:
    kinds = ("blocked", "login", "soft_404", "other", "listing", "gallery")
    versions = (rules, *rules.older)
    known = {one.selector for rule in versions for kind in kinds for one in getattr(rule, kind)}
    return selector in known


def _searched(original: Original, page: Page, rules: PageRules) -> Iterator[Tie]:
    """Yield every selector of title and body with what it finds, version by version."""
    located = locate(original.tree, rules, page.fetched_at)
    if not isinstance(located, str):
        return
    for version in rules.versions(page.fetched_at):
        scopes = [node for css in version.scope for node in original.tree.css(css)[:1]]
        if version.scope and not scopes:
            text = "required, not found" if version.scope_required else "not found: the whole page"
            yield Tie("scope", text, ", ".join(version.scope))
        scope = scopes[0] if scopes else original.root
        for name in ("title", "body"):
            for css in getattr(version, name):
                hits = scope.css(css.partition("@")[0])
                said = f"{len(hits)} found" if hits else "not found"
                said += f" (version of {version.since})"
                yield Tie(name, said, css, tuple(node.mem_id for node in hits))
