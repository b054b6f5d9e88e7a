"""An article's blocks as the HTML that an editor leaves behind, in a few house styles."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from demo.site import esc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from demo.content import Block

    Picture: TypeAlias = Callable[[Sequence[str], str], str]
    File: TypeAlias = Callable[[str, str], str]


def body(
    blocks: Iterable[Block],
    picture: Picture,
    file: File,
    style: str = "p",
) -> str:
    """Write the blocks; ``picture(names, caption)`` and ``file(name, text)`` are the CMS's own.

    ``style``: "p" paragraphs, "div" paragraphs with spacers, "br" one block of broken lines.
    """
    parts: list[str] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        run = list(group)
        if kind == "item":
            items = "".join(f"<li>{esc(block.text)}</li>" for block in run)
            parts.append(f"<ul>{items}</ul>")
        elif kind == "row":
            parts.append(_table(run))
        elif kind == "image":
            parts.extend(picture(block.names, esc(block.text)) for block in run)
        elif kind == "file":
            parts.extend(file(block.names[0], esc(block.text)) for block in run)
        elif kind == "heading":
            parts.extend(f"<h3><strong>{esc(block.text)}</strong></h3>" for block in run)
        else:
            parts.append(_paragraphs(run, style))
    return "\n".join(parts)


def _table(rows: list[Block]) -> str:
    lines = (
        "<tr>" + "".join(f"<td>{esc(cell)}</td>" for cell in row.text.split(" | ")) + "</tr>"
        for row in rows
    )
    return '<table border="1" cellpadding="4"><tbody>' + "".join(lines) + "</tbody></table>"


def _paragraphs(blocks: list[Block], style: str) -> str:
    texts = [esc(block.text) for block in blocks]
    if style == "br":
        return '<div style="text-align: justify;">' + "<br />\n<br />\n".join(texts) + "</div>"
    if style == "div":
        spacer = '\n<div style="text-align: justify;">&nbsp;</div>\n'
        return spacer.join(f'<div style="text-align: justify;">{text}</div>' for text in texts)
    return "\n".join(f'<p style="text-align: justify;">{text}</p>' for text in texts)
