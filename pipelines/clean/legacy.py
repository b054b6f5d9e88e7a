"""Turn text of the encodings before Unicode into Vietnamese: TCVN3, VISCII, VNI, UTF-8 read twice.

Such a page is misread as Western: every byte became one Latin-1 (or Windows-1252) character. The
tables give what each was meant to be. TCVN3 is TCVN 5712:1993 without its control characters (the
ABC fonts), VISCII is RFC 1456, VNI writes a letter and behind it a sign for its marks.
"""

from __future__ import annotations

import re

# bytes A1 to FE; the ABC fonts leave B0 to B4 to combining marks
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờở"
    "ỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
# bytes 80 to FF
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝ"
    "ỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
# the letters of a row take these signs, in this order
_VNI_ROWS = {
    "á à ả ã ạ": "aù aø aû aõ aï",
    "ă ắ ằ ẳ ẵ ặ": "aê aé aè aú aü aë",
    "â ấ ầ ẩ ẫ ậ": "aâ aá aà aå aã aä",
    "é è ẻ ẽ ẹ": "eù eø eû eõ eï",
    "ê ế ề ể ễ ệ": "eâ eá eà eå eã eä",
    "ỉ ĩ ị đ ỵ": "æ ó ò ñ î",
    "ó ò ỏ õ ọ": "où oø oû oõ oï",
    "ô ố ồ ổ ỗ ộ": "oâ oá oà oå oã oä",
    "ơ ớ ờ ở ỡ ợ": "ô ôù ôø ôû ôõ ôï",
    "ú ù ủ ũ ụ": "uù uø uû uõ uï",
    "ư ứ ừ ử ữ ự": "ö öù öø öû öõ öï",
    "ý ỳ ỷ ỹ": "yù yø yû yõ",
}


def _vni() -> dict[str, str]:
    pairs = [
        (sign, letter)
        for row, signs in _VNI_ROWS.items()
        for letter, sign in zip(row.split(), signs.split(), strict=True)
    ]
    capitals = [(sign.upper(), letter.upper()) for sign, letter in pairs]
    mixed = [(sign[0].upper() + sign[1:], letter.upper()) for sign, letter in pairs]
    return dict(mixed + capitals + pairs)


_VNI = _vni()
_VNI_SIGN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_TABLES = {
    "TCVN3": dict(enumerate(_TCVN3, 0xA1)),
    "VISCII": dict(enumerate(_VISCII, 0x80)) | _VISCII_CONTROLS,
}
ENCODINGS = ("TCVN3", "VNI", "VISCII", "UTF-8")


def decode(misread: str, name: str) -> str | None:
    """Give the Vietnamese that ``misread`` stands for in one of ``ENCODINGS``, None if it fails.

    The result is not normalised.
    """
    if name == "VNI":
        return _VNI_SIGN.sub(lambda found: _VNI[found[0]], "".join(map(_as_windows, misread)))
    if name == "TCVN3":
        return "".join(map(_as_windows, misread)).translate(_TABLES[name])
    latin = "".join(map(_as_latin, misread))
    if name == "VISCII":
        return latin.translate(_TABLES[name])
    try:
        return latin.encode("latin-1").decode()
    except UnicodeError:
        return None


def misread(word: str, name: str) -> frozenset[str]:
    """Give the forms in which a word of one of ``ENCODINGS`` shows when it is misread.

    None where the word has a letter that the encoding lacks, or looks the same.
    """
    if name == "UTF-8":
        raw = word.encode()
        forms = {raw.decode("latin-1"), raw.decode("cp1252", errors="ignore")}
    elif name == "VNI":
        forms = {"".join(_TO_VNI.get(letter, letter) for letter in word)}
    else:
        signs = _TO_BYTES[name]
        if any(not letter.isascii() and letter not in signs for letter in word):
            return frozenset()
        forms = {"".join(signs.get(letter, letter) for letter in word)}
    return frozenset(forms - {word})


_TO_VNI = {letter: sign for sign, letter in reversed(_VNI.items())}
_TO_BYTES = {
    name: {letter: chr(byte) for byte, letter in table.items()} for name, table in _TABLES.items()
}
_LATIN1_END = 0x100


def _as_latin(character: str) -> str:
    """Undo Windows-1252, which has letters and signs of its own for the bytes 80 to 9F."""
    if ord(character) < _LATIN1_END:
        return character
    try:
        return character.encode("cp1252").decode("latin-1")
    except UnicodeError:
        return character


def _as_windows(character: str) -> str:
    """Give the sign that Windows-1252 has for one of the bytes 80 to 9F."""
    if not "\x80" <= character <= "\x9f":
        return character
    try:
        return character.encode("latin-1").decode("cp1252")
    except UnicodeError:
        return character
