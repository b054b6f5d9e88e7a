"""Text at the door: what is stored, what keys are made of, and text that is no Vietnamese at all.

Stored text is NFC with single spaces and never rewritten otherwise; case, tone placement, dashes
and quotation marks are folded only in keys.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from pipelines.clean import legacy

CAPITALS = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
SMALLS = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
"""Vietnamese letters, for a class of a pattern."""

# zero-width characters, soft hyphen, bidirectional marks, NUL and the other controls that are no
# white space, and lone surrogates (no UTF-8, so no store takes them)
_UNWANTED = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]"
)

_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("“”„‟«»″〝〞＂", '"')
    | dict.fromkeys("‘’‚‛′`´ʼ", "'")
    | {"…": "..."}
)
_ODD = re.compile(f"[{re.escape(''.join(map(chr, _ALIKE)))}]")

# Vietnamese is written with the tone mark of an open oa, oe, uy on either letter: the classic
# "hòa, khỏe, ủy" and the new "hoà, khoẻ, uỷ". After q the u belongs to the consonant ("quý").
_TONES = {
    "òa": "oà",
    "óa": "oá",
    "ỏa": "oả",
    "õa": "oã",
    "ọa": "oạ",
    "òe": "oè",
    "óe": "oé",
    "ỏe": "oẻ",
    "õe": "oẽ",
    "ọe": "oẹ",
    "ùy": "uỳ",
    "úy": "uý",
    "ủy": "uỷ",
    "ũy": "uỹ",
    "ụy": "uỵ",
}
# a class comes first, so that the search runs from one such letter to the next
_TONE = re.compile(r"[òóỏõọùúủũụ][aey](?<!q..)(?!\w)")


def tidy(s: str) -> str:
    """Make stored text: NFC, runs of white space (NBSP too) one space, invisible characters out."""
    # neither white space other than the space nor anything unwanted is printable
    if "  " in s or not s.isprintable():
        s = " ".join(s.split())
        if not s.isprintable():
            s = " ".join(_UNWANTED.sub("", s).split())
    else:
        s = s.strip()
    return s if s.isascii() else unicodedata.normalize("NFC", s)


def fold_key(s: str) -> str:
    """Make a comparison key: tidy, lower case, one dash, one quote, one place for the tone mark.

    Vietnamese marks are kept: "ba" and "bà" stay two words.
    """
    lowered = tidy(s.lower())
    if _ODD.search(lowered):
        lowered = lowered.translate(_ALIKE)
    return _TONE.sub(lambda found: _TONES.get(found[0], found[0]), lowered)


# frequent Vietnamese words: in their misread forms they tell which encoding a text was written in
_FREQUENT_WORDS = """
của được người những với có không một đã để đến đồng và các việc nhân ủy uỷ tỉnh công huyện là tại
thành tháng trên tổ chức Đảng đảng xã hội phường từ về hoạt động thực hiện tập nghị quyết kế hoạch
triển phát đoàn địa phương viên chính quyền giáo dục trường học nước lần thứ ngày sáng chiều khi
cũng sẽ hộ đình điều nhiệm vụ bí thư chủ tịch cán bộ vận này đó tăng mới cấp đất nông dân đường nhà
hỗ trợ giải gặp mỗi từng bị lại chỉ đầu cuối giữa dự kiến hoàn hướng dẫn đạt kết quả lợi tiền đây
"""
_MISREAD_WORDS = {
    name: frozenset(form for word in _FREQUENT_WORDS.split() for form in legacy.misread(word, name))
    for name in legacy.ENCODINGS
}
_SAMPLE = 20_000  # characters read
_LEAST_WORDS = 3
_FREQUENT = "ạảấầếộợư"
_GENUINE = re.compile("[ưƯơƠăĂđĐạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


def mojibake(s: str) -> str | None:
    """Name the legacy encoding ("TCVN3", "VNI", "VISCII", "UTF-8") that ``s`` was misread from.

    None for sound text. Wants the text before ``tidy``. Evidence are whole frequent words in their
    misread form: at least three, and at least 5 % of the words, with hardly a letter that only
    real Vietnamese has.
    """
    head = s[:_SAMPLE]
    genuine = (head.count(" ") + 1) / 20
    # counting the frequent letters is far cheaper than finding all, and mostly enough
    if head.isascii() or any(n > genuine for n in accumulate(map(head.count, _FREQUENT))):
        return None
    if len(_GENUINE.findall(head)) > genuine:
        return None
    words = head.split(" ")
    scores = {
        name: sum(word.strip(".,;:()\n\t") in known for word in words)
        for name, known in _MISREAD_WORDS.items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= max(_LEAST_WORDS, genuine) else None
