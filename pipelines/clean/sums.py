"""Sums of money in a text, as they are written in Vietnamese, and what they are worth."""

from __future__ import annotations

import re

from pipelines.clean.starts import at_starts
from pipelines.clean.text import tidy

_SUM = r"\d{1,3}+(?:\.\d{3})++(?:,\d++)?+|\d{1,3}+(?:,\d{3}){2,}+|\d++(?:[.,]\d++)?+"
_SCALE = r"(?:nghìn|ngàn|trăm|triệu|tỷ|tỉ)"
_BIG = r"(?:triệu|tỷ|tỉ)"
_TO = r"(?: ?[-–] ?| (?:đến|tới) (?:hơn |gần |trên |khoảng )?)"
_DONG = (
    r"đồng(?! (?:chí|bào|đội|hương|thời|hồ|minh|nghiệp|loạt|hành|thuận|tâm|lòng|bằng|phục|diễn"
    r"|nai|tháp|văn|cỏ|ruộng|lúa|phạm|hóa|bộ))|vnđ|vnd|đ"
)
# another currency is no đồng, but money; words that mean something else without more are left out
_OTHER = (
    r"usd|đô[ -]?la(?: (?:mỹ|úc|canada|singapore|hồng kông))?|euro|eur|yên|nhân dân tệ"
    r"|tệ(?! (?:nạn|hại))|bảng anh|won|baht|rúp|rupee|franc|ringgit|rupiah|peso|riel|kip"
    r"|(?-i:AUD|CAD|CHF|CNY|GBP|HKD|JPY|KRW|SGD|THB)"
)
_MONEY = re.compile(
    rf"(?<![\d.,/])((?:{_SUM})(?:(?: ?{_SCALE}){{0,2}}{_TO}(?:{_SUM}))?) ?((?:{_SCALE} ?){{0,2}})"
    rf"((?:\d{{1,3}} ?{_SCALE} ?){{0,2}})((?:{_DONG}|{_OTHER})(?!\w))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[0-9](?<![0-9.,].)[0-9.,]*+"
    r"(?= ?(?:[-–]|ng[hà]|nh|tr[iă]|t[ỷỉệớ]|đ[ồôế]|đ(?!\w)|vn|us|eu|yê|b[aả]|wo|r[uúi]|fr|pe|ki"
    r"|(?-i:[ACGHJKST][A-Z])))",
    re.IGNORECASE,
)
# a sum without its currency: "hỗ trợ 5 tỷ cho hộ nghèo", "lãi hơn 300 triệu mỗi năm"; not "5 triệu
# người", "2 tỷ cây": a word for money stands before it, and nothing that it could count behind it
_LOOSE = re.compile(
    rf"((?:{_SUM})(?:(?: ?{_BIG})?{_TO}(?:{_SUM}))? ?{_BIG}(?: \d{{1,3}} ?{_BIG})?)(?!\w)",
    re.IGNORECASE,
)
_OF_MONEY = re.compile(
    r"(?<!\w)(?:(?:trị )?giá|kinh phí|(?:tiền|vốn|số tiền|học phí|chi phí|lệ phí|doanh thu"
    r"|doanh số|lợi nhuận|thu nhập|lương|ngân sách|quỹ|học bổng|trợ cấp|phụ cấp|tiền thưởng"
    r"|dư nợ|tài sản|giá trị|nguồn lực)|lãi|lỗ|nợ|vay|chi|hỗ trợ|ủng hộ|tài trợ|quyên góp|vận động"
    r"|đóng góp|góp|phạt|thưởng|giải (?:nhất|nhì|ba|tư|khuyến khích|đặc biệt)|nộp|đầu tư"
    r"|thiệt hại|bồi thường|đền bù|trả|tặng|cọc|thu(?: về| lãi| lời| ngân sách)?|phê duyệt"
    r"|giải ngân"
    r"|tạm ứng|chiếm đoạt|lừa|tiêu|tốn|chuyển khoản|rút|đưa|nhận|gửi|kiếm)"
    r"(?: (?:số tiền|tiền|vốn|kinh phí|thêm|từ|được|đạt|là|tới|đến|mức|gần|hơn|trên|dưới|khoảng|ước"
    r"|tính|tổng|cộng|lên|về|còn|chỉ|có|với|không quá|tối đa|tối thiểu|ít nhất"
    r"|thấp nhất|cao nhất|bình quân|trung bình|mất|mỗi (?:giải|suất|phần|hộ|người|căn|tháng|năm|vụ)"
    r"|một năm|hàng tháng|hằng tháng)){0,5}(?: |: | \()$",
    re.IGNORECASE,
)
_AROUND = 150  # characters in which another currency tells that đồng may not be meant
_REACH = 70  # characters before a figure in which the word for money stands
_NOTHING_COUNTED = re.compile(
    r"(?:$|[.;:)”\"\n!?]|,(?!\d)|/(?:tháng|năm|người|hộ|suất|ngày|căn|vụ|ha|m2|công|kg|tấn|giải))"
    r"| (?:để|cho|mỗi|một|và|trong|từ|nhằm|vào|so với|là|thì|nhưng|nên|mà|rồi|nữa|do|bằng|tại|ở|với"
    r"|theo|trở lên|làm|xây|sửa|nuôi|mua|trồng|lắp|trả|giúp|qua|khi|sau|vì|của|tùy|đến|trên"
    r"|mừng|chăm lo|phục vụ|hỗ trợ)(?!\w)"
)
# ... or it goes on to a sum with its currency: "4,8 tỷ và gần 4 tỷ đồng"
_GOES_ON = re.compile(
    rf" (?:và|lên|xuống|còn|hoặc|rồi|sang) (?:gần |hơn |khoảng )?(?:{_SUM}) ?{_BIG} đồng"
)
_FOREIGN = re.compile(
    rf"(?:\d|triệu|tỷ|tỉ) ?(?:{_OTHER})(?!\w)|(?<!\w)(?:usd|đô la|euro)(?!\w)", re.IGNORECASE
)
_LEAST_BARE = 1000  # "5 đồng" is rather five comrades or five fields than a sum
_LEAST_PRICE = 50  # ... but not "giảm 800 đồng", "412 đồng/lít"
_PRICE = re.compile(
    r"(?<!\w)(?:giá|tăng|giảm|thêm|đi|mất|hơn|phí) (?:còn |thêm |khoảng )?$", re.IGNORECASE
)
_PER = re.compile(r"(?:/| mỗi | một )(?:kg|kí|ký|lít|l|kWh|m3|m³|số|trứng|quả|trái)(?!\w)")

_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "trăm": 100, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_FIGURE = re.compile(r"\d[\d.,]*")
_RANGE = re.compile(rf"(\d[\d.,]*)((?: ?{_SCALE}){{0,2}}){_TO}(\d[\d.,]*)")
_YEAR_BEFORE = re.compile(rf"(?:19|20)\d\d(?: ?[-–] ?|{_TO})(?=\d{{1,3}}(?:,\d+)? {_SCALE})")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMAS = re.compile(r"(?<=\d),(?=\d{3}\b)")  # between thousands: a đồng has no fractions
_BARE_SUM = 2  # words: a figure and "đồng"
_HUNDREDS = 100
_LONGEST = 80  # characters of a figure or a range: a longer one is a row of figures
_MOST = 2**63  # a column of whole numbers takes less; more is the number of an account


def money(text: str) -> tuple[str, ...]:
    """Find the sums of money, in order, as written but with single spaces ("4 tỷ đồng").

    In đồng or in another currency, which the sum names. Repeated sums stay: each is a sum of its
    own. A range ("từ 3 đến 5 triệu đồng") is one sum. A small bare figure before "đồng" is none.
    Millions may lack their currency where only money is meant: they are of đồng ("5 tỷ").
    """
    found = []
    for hit in at_starts(_COUNTED, _MONEY, text, _LOOSE):
        if hit.re is _LOOSE:
            if _is_money(text, hit):
                found.append(_spaced(hit[1]))
            continue
        figure, scale, rest, currency = (part.strip() for part in hit.groups())
        bare = not scale and currency.lower() in {"đồng", "đ"}
        if len(figure) > _LONGEST:
            continue
        if bare and _least(figure) < (_LEAST_PRICE if _is_price(text, hit) else _LEAST_BARE):
            continue
        words = f"{figure} {scale} {rest} {currency}"
        found.append(_YEAR_BEFORE.sub("", _spaced(words)))  # "năm 2021 - 300 triệu đồng"
    return tuple(found)


def _least(figure: str) -> float:
    return float(re.sub(r"\D", "", re.split("[-–đt]", figure)[0]) or 0)


def _is_price(text: str, hit: re.Match[str]) -> bool:
    start, end = hit.span()
    return bool(_PER.match(text, end) or _PRICE.search(text, max(0, start - _REACH), start))


def _spaced(words: str) -> str:
    return tidy(re.sub(rf"(?i)(\d)({_SCALE})", r"\1 \2", words))


def _is_money(text: str, hit: re.Match[str]) -> bool:
    """Tell whether a figure without a currency is of đồng: no other currency stands near it."""
    start, end = hit.span()
    if len(hit[1]) > _LONGEST or not (
        _GOES_ON.match(text, end)
        or (
            _NOTHING_COUNTED.match(text, end)
            and _OF_MONEY.search(text, max(0, start - _REACH), start)
        )
    ):
        return False
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    behind = text[end : end + _AROUND].partition("\n")[0]
    return not _FOREIGN.search(before) and (" đồng" in before or not _FOREIGN.search(behind))


def dong(written: str) -> int | None:
    """Give the value of a sum of money ("1 tỷ 200 triệu đồng"); None for another currency.

    None also for more than any sum is. Of a range the lower end; in "800.000 - 1,2 triệu đồng" that
    is one of plain đồng, in "500 - 1 triệu đồng" one of thousands.
    """
    worth = _worth(written)
    return worth if worth is not None and worth < _MOST else None


def _worth(written: str) -> int | None:
    lower = written.lower()
    span = _RANGE.match(lower)
    if (last := lower.split()[-1]) not in {"đồng", "đ", "vnđ", "vnd", *_SCALES}:
        return None
    if span and span[2]:
        return _value(f"{span[1]} {span[2]}".split())
    words = _RANGE.sub(r"\1", lower).split()
    higher = span and _number(span[1]) > _number(span[3])
    if (len(words) == _BARE_SUM and last not in _SCALES) or (
        higher and _GROUPED.fullmatch(words[0])
    ):
        return round(_number(_COMMAS.sub("", words[0])))
    return _value(words) // (1000 if higher and _number(words[0]) >= _HUNDREDS else 1)


def _value(words: list[str]) -> int:
    total, figure, scale = 0.0, 0.0, 1
    for word in words:
        if _FIGURE.match(word):
            total, figure, scale = total + figure * scale, _number(word), 1
        elif word in _SCALES:
            scale *= _SCALES[word]
    return round(total + figure * scale)


def _number(figure: str) -> float:
    figure = figure.rstrip(".,")
    if _GROUPED.fullmatch(figure):
        return float(figure.replace(".", "").replace(",", "."))
    if figure.count(",") > 1:
        return float(figure.replace(",", ""))
    return float(figure.replace(",", "."))
