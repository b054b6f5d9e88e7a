"""What re-extraction changes, for a person: a table of the fields, and the texts side by side."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from cli.session import console
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.reprocess.reextract import Change, Difference

FATES = ("filled", "emptied", "changed")
AROUND = 60  # characters of what stays the same, shown before and after what does not
ALIKE = 0.5  # two paragraphs with less in common are two, not one that was changed


def show_fields(fates: Mapping[tuple[str, str], int]) -> None:
    """Print in how many articles each field is filled, emptied or changed."""
    if not fates:
        return
    table = Table("field", box=None)
    for name in ("articles", *FATES):
        table.add_column(name, justify="right")
    numbers = {name: [fates.get((name, fate), 0) for fate in FATES] for name in dict(fates.keys())}
    for name, row in sorted(numbers.items(), key=lambda one: -sum(one[1])):
        cells = [Text(str(n), "red" if n and fate == "emptied" else "") for fate, n in
                 zip(FATES, row, strict=True)]  # fmt: skip
        table.add_row(name, str(sum(row)), *cells)
    console.print(table)


def show_ends(ends: Mapping[Outcome, int]) -> None:
    """Print how many articles are none by today's rules."""
    for outcome, number in ends.items():
        if outcome is not Outcome.FAILED:
            text = f"{number} are none by today's rules ({outcome.value}); they are kept"
            console.print(Text(text, "yellow"))


def show_difference(one: Difference) -> None:
    """Print what changes in one article, field by field: red is taken away, green is new."""
    console.print()
    name = f"article {one.article_id}" if one.article_id else "new article"
    console.print(Text.assemble((name, "bold"), f"  {one.title}"), soft_wrap=True)
    console.print(Text(f"  {one.url}", "dim"), soft_wrap=True)
    if one.outcome is not Outcome.FETCHED:
        now = (f"  now {one.outcome.value}", "red")
        console.print(Text.assemble(now, f": {one.reason}; the article is kept"), soft_wrap=True)
    for change in one.changes:
        console.print(Text(f"  {change.field}", "bold"))
        for line in _lines(change):
            console.print(line, soft_wrap=True)


def _lines(change: Change) -> Iterator[Text]:
    before, after = _texts(change.before), _texts(change.after)
    same = 0
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            same += j - i
            continue
        yield from _paragraphs(before[i:j], after[k:m])
    if same:
        yield Text(f"    {same} of {len(after)} are the same", "dim")


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[Text]:
    """Show two that are nearly the same as one with its changes marked."""
    left = list(after)
    for old in before:
        near = next((new for new in left if _alike(old, new)), None)
        if near is None:
            yield Text(f"  - {old}", "red")
            continue
        while left[0] != near:
            yield Text(f"  + {left.pop(0)}", "green")
        yield _marked(old, left.pop(0))
    yield from (Text(f"  + {new}", "green") for new in left)


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(a=old.split(), b=new.split(), autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _marked(old: str, new: str) -> Text:
    text = Text("  ~ ")
    before, after = old.split(), new.split()
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            text.append(_short(" ".join(before[i:j])) + " ")
            continue
        if i < j:
            text.append(f"[-{' '.join(before[i:j])}-] ", "red")
        if k < m:
            text.append(f"{{+{' '.join(after[k:m])}+}} ", "green")
    return text


def _short(text: str) -> str:
    return text if len(text) <= 2 * AROUND else f"{text[:AROUND]} ... {text[-AROUND:]}"


def _texts(value: object) -> list[str]:
    """Give any field of a draft, as JSON has it, as lines."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return [f"{name}: {one}" for name, one in value.items()]
    if isinstance(value, list):
        return [" ".join(_texts(one)) if isinstance(one, dict) else str(one) for one in value]
    return [str(value)]
