"""Read the article out of the state from which a page's scripts start (``__NEXT_DATA__``).

Such a page brings its text as JSON and shows it only once its scripts have run. What the JSON holds
is made a page again, so that it is read, and judged, as any other.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pipelines.clean import bounds
from pipelines.clean.text import fold_key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

_SCRIPTS = "script#__NEXT_DATA__, script[type='application/json']"
_LARGEST, _MOST = 2_000_000, 20_000  # letters of a state, values in it that are looked at
_TITLES = ("title", "headline", "name", "subject", "tieude", "tieu_de")
_LEADS = ("sapo", "description", "summary", "excerpt", "lead", "abstract", "tomtat", "tom_tat")
_TIMES = re.compile(
    r"publish(?:ed|ing)?_?(?:at|on|date|time)|date_?published|public_?date|ngay_?dang"
)
_TEXT_WORDS, _PREFIX = 30, 40
_TAG = re.compile(r"<[^<>]{0,2000}>")
_MILLISECONDS = 10**11  # as seconds, a year beyond 5000


def states(tree: LexborHTMLParser) -> list[str]:
    """Give the texts of a page's states; pruning takes the scripts away."""
    texts = dict.fromkeys(node.text() for node in tree.css(_SCRIPTS))
    return [text for text in texts if _TEXT_WORDS < len(text) <= _LARGEST]


def page_in(texts: list[str]) -> bytes | None:
    """Give the page of the one article that the states hold; None for none, or several."""
    found = [one for text in texts for one in _articles(_load(text))]
    if len(found) != 1:
        return None
    page = _page(*found[0]).encode(errors="replace")
    return None if bounds.check(page) or bounds.nested(page) else page


def _load(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(state: object) -> Iterator[tuple[dict[str, Any], str]]:
    """Give the objects with a title and a text of their own, each with the text."""
    waiting, looked = [state], 0
    while waiting and looked < _MOST:
        one = waiting.pop()
        looked += 1
        if isinstance(one, list):
            waiting += one[: _MOST - looked]
        elif isinstance(one, dict):
            waiting += (value for value in one.values() if isinstance(value, (dict, list)))
            texts = (value for name, value in one.items() if _may_be_text(name, value))
            text = max(texts, key=len, default="")
            if _first(one, _TITLES) and len(_words(text)) >= _TEXT_WORDS:
                yield one, text


def _may_be_text(name: str, value: object) -> bool:
    """Tell a string that is no teaser, nor what a portal says of itself: those have no markup."""
    return isinstance(value, str) and (name.lower() not in _LEADS or "<" in value)


def _words(text: str) -> list[str]:
    return _TAG.sub(" ", text).split()


def _first(one: dict[str, Any], names: tuple[str, ...]) -> str:
    folded = {key.lower(): value for key, value in one.items()}
    found = (folded.get(name) for name in names)
    return next((tidy(value) for value in found if isinstance(value, str) and value.strip()), "")


def _page(one: dict[str, Any], text: str) -> str:
    title, lead = _first(one, _TITLES), _first(one, _LEADS)
    said = {"@type": "Article", "headline": title, "author": _author(one)}
    said["datePublished"] = _time(one)
    plain = fold_key(" ".join(_words(text)))
    own = lead and lead != tidy(text) and fold_key(lead)[:_PREFIX] not in plain
    above = f"<p class='sapo'>{escape(lead)}</p>" if own else ""
    body = text if "<" in text else "".join(f"<p>{line}</p>" for line in text.splitlines())
    data = json.dumps(said).replace("<", "\\u003c")
    return (
        f"<html><head><title>{escape(title)}</title><script type='application/ld+json'>{data}"
        f"</script></head><body><div><h1>{escape(title)}</h1>{above}<div>{body}</div></div></body>"
    )


def _author(one: dict[str, Any]) -> dict[str, str] | None:
    author = one.get("author")
    name = author.get("name") if isinstance(author, dict) else author
    return {"@type": "Person", "name": name} if isinstance(name, str) and name else None


def _time(one: dict[str, Any]) -> str | None:
    """Give the time of publication in ISO 8601; some states count seconds, or thousandths."""
    value = next((value for key, value in one.items() if _TIMES.fullmatch(key.lower())), None)
    if isinstance(value, (int, float)):
        try:
            seconds = value / 1000 if abs(value) > _MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return None
    return value if isinstance(value, str) else None
