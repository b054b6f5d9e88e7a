"""The words that one version of a text has and the next one has not."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that both versions have (``kept``), or what stands in one's place in the other."""

    kept: str = ""
    removed: str = ""
    added: str = ""

    def to_json(self) -> dict[str, str]:
        """Give a change as programs read it."""
        return {"removed": self.removed, "added": self.added}


def passages(before: str, after: str) -> list[Passage]:
    """Cut two versions of a text into what stayed and what changed, in order."""
    old, new = before.split(), after.split()
    cut = []
    for tag, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        left, right = " ".join(old[i:j]), " ".join(new[k:m])
        cut.append(Passage(kept=right) if tag == "equal" else Passage("", left, right))
    return cut


def changes(before: str, after: str) -> list[Passage]:
    """Give what changed alone."""
    return [one for one in passages(before, after) if not one.kept]
