"""Laws and the constitution that a text cites by their names, with or without a year.

A name without a year has no end that its form would tell ("Luật Đất đai gửi đến ..."): it is looked
up among the titles of Vietnam's laws since 2005, as the National Assembly promulgated them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pipelines.clean.countries import COUNTRIES
from pipelines.clean.text import CAPITALS, SMALLS, fold_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAWS = """
an ninh mạng|an ninh quốc gia|an toàn thông tin mạng|an toàn thực phẩm|an toàn, vệ sinh lao động
ban hành văn bản quy phạm pháp luật|ban hành văn bản qppl|báo chí|bảo hiểm tiền gửi|bảo hiểm xã hội
bảo hiểm y tế|bảo vệ bí mật nhà nước|bảo vệ dữ liệu cá nhân|bảo vệ môi trường
bảo vệ quyền lợi người tiêu dùng|bảo vệ sức khỏe nhân dân|bảo vệ và kiểm dịch thực vật
bảo vệ và phát triển rừng|bầu cử đại biểu quốc hội và đại biểu hội đồng nhân dân
bầu cử đại biểu quốc hội và đại biểu hđnd|biên giới quốc gia|biên phòng việt nam|biển việt nam
bình đẳng giới|bưu chính|các công cụ chuyển nhượng|các tổ chức tín dụng|cán bộ, công chức
căn cước công dân|căn cước|cạnh tranh|cảnh sát biển việt nam|cảnh sát biển|cảnh sát cơ động|cảnh vệ
chăn nuôi|chất lượng sản phẩm, hàng hóa|chứng khoán|chuyển đổi số|chuyển giao công nghệ
công an nhân dân|công chứng|công đoàn|công nghệ cao|công nghệ thông tin|công nghiệp công nghệ số
công nghiệp quốc phòng, an ninh và động viên công nghiệp|cơ yếu|cư trú|dạy nghề|dân quân tự vệ
dân số|dầu khí|di sản văn hóa|doanh nghiệp|du lịch|dự trữ quốc gia|dữ liệu|dược|đa dạng sinh học
đất đai|đấu giá tài sản|đấu thầu|đầu tư công|đầu tư theo phương thức đối tác công tư
đầu tư ra nước ngoài|đầu tư nước ngoài|đầu tư|đê điều|địa chất và khoáng sản|điện ảnh|điện lực
đo đạc và bản đồ|đo lường|đường bộ|đường sắt|giá|giám định tư pháp|giao dịch điện tử
giao thông đường bộ|giao thông đường thủy nội địa|giáo dục đại học|giáo dục nghề nghiệp
giáo dục quốc phòng và an ninh|giáo dục|hải quan|hàng không dân dụng việt nam|hàng không dân dụng
hiến, lấy, ghép mô, bộ phận cơ thể người và hiến, lấy xác|hòa giải ở cơ sở
hòa giải, đối thoại tại tòa án|hóa chất|hoạt động chữ thập đỏ
hoạt động giám sát của quốc hội và hội đồng nhân dân|hôn nhân và gia đình|hộ tịch|hợp tác xã
hỗ trợ doanh nghiệp nhỏ và vừa|kế toán|khám bệnh, chữa bệnh|khám, chữa bệnh|khí tượng thủy văn
khiếu nại, tố cáo|khiếu nại|khoa học và công nghệ|khoa học, công nghệ và đổi mới sáng tạo
khoáng sản|kiểm toán độc lập|kiểm toán nhà nước|kiến trúc|kinh doanh bảo hiểm
kinh doanh bất động sản|lâm nghiệp|luật sư|lưu trữ|lực lượng dự bị động viên
lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở|lý lịch tư pháp|mặt trận tổ quốc việt nam
năng lượng nguyên tử|ngân hàng nhà nước việt nam|ngân hàng nhà nước|ngân sách nhà nước
nghĩa vụ quân sự|người cao tuổi|người khuyết tật
người lao động việt nam đi làm việc ở nước ngoài theo hợp đồng|nhà giáo|nhà ở
nhập cảnh, xuất cảnh, quá cảnh, cư trú của người nước ngoài tại việt nam|nuôi con nuôi|phá sản
phòng bệnh|phòng cháy và chữa cháy|phòng cháy, chữa cháy và cứu nạn, cứu hộ|phòng cháy, chữa cháy
phòng không nhân dân|phòng thủ dân sự|phòng, chống bạo lực gia đình|phòng, chống bệnh truyền nhiễm
phòng, chống khủng bố|phòng, chống ma túy|phòng, chống mua bán người|phòng, chống rửa tiền
phòng, chống tác hại của rượu, bia|phòng, chống tác hại rượu, bia|phòng, chống tác hại của thuốc lá
phòng, chống tác hại thuốc lá|phòng, chống tham nhũng|phòng, chống thiên tai|phục hồi, phá sản
phổ biến, giáo dục pháp luật|quản lý ngoại thương|quản lý nợ công|quản lý thuế
quản lý, sử dụng tài sản công|quản lý, sử dụng tài sản nhà nước
quản lý, sử dụng vũ khí, vật liệu nổ và công cụ hỗ trợ|quảng cáo|quốc phòng|quốc tịch việt nam
quốc tịch|quy hoạch đô thị và nông thôn|quy hoạch đô thị|quy hoạch
sĩ quan quân đội nhân dân việt nam|sĩ quan quân đội|sở hữu trí tuệ
sử dụng năng lượng tiết kiệm và hiệu quả|tài nguyên nước|tài nguyên, môi trường biển và hải đảo
tần số vô tuyến điện|thanh niên|thanh tra|thể dục, thể thao|thi đua, khen thưởng
thi hành án dân sự|thi hành án hình sự|thi hành tạm giữ, tạm giam|thống kê|thú y|thủ đô
thuế bảo vệ môi trường|thuế giá trị gia tăng|thuế gtgt|thuế sử dụng đất nông nghiệp
thuế sử dụng đất phi nông nghiệp|thuế tài nguyên|thuế thu nhập cá nhân|thuế tncn
thuế thu nhập doanh nghiệp|thuế tndn|thuế tiêu thụ đặc biệt|thuế xuất khẩu, thuế nhập khẩu
thủy lợi|thủy sản|thực hành tiết kiệm, chống lãng phí|thực hiện dân chủ ở cơ sở|thương mại điện tử
thương mại|tiếp cận thông tin|tiếp công dân|tiêu chuẩn và quy chuẩn kỹ thuật|tình trạng khẩn cấp
tín ngưỡng, tôn giáo|tố cáo|tố tụng hành chính|tổ chức chính phủ|tổ chức chính quyền địa phương
tổ chức cơ quan điều tra hình sự|tổ chức hội đồng nhân dân và ủy ban nhân dân|tổ chức quốc hội
tổ chức tòa án nhân dân|tổ chức viện kiểm sát nhân dân|trách nhiệm bồi thường của nhà nước
trách nhiệm bồi thường nhà nước|trật tự, an toàn giao thông đường bộ|trẻ em|trí tuệ nhân tạo
trồng trọt|trợ giúp pháp lý|trưng cầu ý dân|trưng mua, trưng dụng tài sản
tư pháp người chưa thành niên|tương trợ tư pháp|viên chức|viễn thông|việc làm|xây dựng
xử lý vi phạm hành chính|xuất bản|xuất cảnh, nhập cảnh của công dân việt nam
bhxh|bhyt|pctn|attp|gtđb|nvqs|pccc|bvmt|xlvphc|nsnn|hngđ|bvqlntd
"""
_CODES_OF_LAW = """
dân sự|hình sự|lao động|hàng hải việt nam|hàng hải|tố tụng dân sự|tố tụng hình sự
"""
_ORDINANCES = """
án phí, lệ phí tòa án|cảnh sát môi trường|cựu chiến binh|dân quân tự vệ|dân số
dự bị động viên|giống cây trồng|ngoại hối|quản lý thị trường
thực hiện dân chủ ở xã, phường, thị trấn|tín ngưỡng, tôn giáo
ưu đãi người có công với cách mạng|ưu đãi người có công|phí và lệ phí|công an xã
"""


def _titles(lines: str) -> str:
    """Give the titles as a pattern, a longer one before its beginning; commas may be left out."""
    names = sorted("|".join(lines.strip().splitlines()).split("|"), key=len, reverse=True)
    return "|".join(fold_key(name).replace(",", ",?") for name in names)


_KNOWN = {
    kind: re.compile(rf"(?:{_titles(names)})(?!\w| (?:quốc tế|trị)(?!\w))")
    for kind, names in (("Luật", _LAWS), ("Bộ luật", _CODES_OF_LAW), ("Pháp lệnh", _ORDINANCES))
}
_LONGEST = 110  # characters of a title and what is looked at behind it
# not "kỷ luật", "Đạo luật Magnitsky", "Đại học Luật", "ngành Luật", "Công ty Luật"
# a literal comes first: it is searched for far faster than a class
_AT = re.compile(r"uật (?<=[Ll]uật )(?<!\w.uật )")
_ORDINANCE_AT = re.compile("Pháp lệnh ")
_BEFORE = re.compile(
    r"(?<!\w)(?<!kỷ )(?<![Đđ]ạo )(?<!học )(?<!ngành )(?<!môn )(?<![Kk]hoa )(?<!ĐH )(?<!phòng )"
    r"(?<!ty )(?:([Bb]ộ [Ll]uật)|([Ll]uật)|(Pháp lệnh)) $"
)
_REACH = 10  # characters of the longest kind
_YEAR = re.compile(r"(?: \(?sửa đổi\)?)?,? (?:ban hành )?(?:năm )?((?:19|20)\d\d)(?![\w/-]|\.\d)")
# "Luật Phá sản của Mỹ", the convention "về Luật Biển năm 1982", the verb in "Luật xây dựng mức phí"
_FOREIGN = re.compile(rf" (?:của |nước )?(?:{COUNTRIES})(?!\w)| nước [A-Z]")
_NO_TITLES = frozenset({"biển", "Biển", "xây dựng"})
_NUMBERED = re.compile(
    r",? \(?(?:(?:năm \d{4} )?\(?số:? ?)?\d+/\d{4}/QH"
)  # it has its whole number
# ---- laws of any title, with a year -------------------------------------------------------------
_NO_WORD = (
    "có|từ|được|đã|sẽ|trong|vào|cho|tại|đến|nêu|hiện|mới|nhưng|khi|là|này|đó|trên|cũng|thì|mà"
    "|ngày|tháng|thông qua|trước|sau|Luật(?! sư)|Bộ luật|Pháp lệnh|Nghị định|dự thảo"
)
_DATED = re.compile(
    rf"(?!và )((?:(?!(?:{_NO_WORD})\b)[{CAPITALS}{SMALLS}]{{1,9}}+,? ){{1,14}}?)"
    r"(?:\(?sửa đổi\)?,? )?(?:ban hành )?(?:năm )?((?:19|20)\d\d)(?![\w/-]|\.\d)"
)
# ---- the constitution ---------------------------------------------------------------------------
# another country's ("Hiến pháp Mỹ", "Hiến pháp Hàn Quốc") is none of ours
_CONSTITUTION = re.compile(
    rf"Hiến pháp(?<!\w.........)(?: (?:sửa đổi )?(?:năm )?((?:19|20)\d\d)\b"
    rf"| (?!Việt Nam)(?=[{CAPITALS}])"
    r"| (?:của )?nước (?!ta|Việt Nam|C[Hộ]))?+"
)


class Law(NamedTuple):
    """A law and where it is cited: kind, title as written with its year ("Đất đai 2024")."""

    at: int
    kind: str | None
    number: str


def laws(text: str) -> Iterator[Law]:
    """Find laws by name and year, known ones by name alone, and the constitution.

    A name alone is left out where the text cites the law with its number or one year as well.
    """
    cited: list[Law] = []
    with_number: set[str] = set()
    begin = behind = 0
    for end in chain(_AT.finditer(text), _ORDINANCE_AT.finditer(text)):
        at = end.end()
        if text[at - 5] == "l" and not text[at : at + 1].isupper():  # "pháp luật": far the most
            continue
        hit = _BEFORE.search(text, max(0, at - _REACH), at)
        if not hit or begin <= hit.start() < behind:  # of "Luật Luật sư" the second
            continue
        written = hit[0].rstrip()
        kind = written[0].upper() + written[1:].lower()
        name = _known(kind, text, at)
        begin, behind = at, at + len(name)
        if _FOREIGN.match(text, behind) or name in _NO_TITLES:
            continue
        if name and _NUMBERED.match(text, behind):
            with_number.add(_key(kind, name))
        elif name and (year := _YEAR.match(text, behind)):
            cited.append(Law(hit.start(), kind, f"{name} {year[1]}"))
        elif written[0].isupper() and (dated := _dated(text, at)):
            cited.append(Law(hit.start(), kind, f"{dated[1].strip(' ,')} {dated[2]}"))
        elif name and (written[0].isupper() or name[0].isupper()):
            cited.append(Law(hit.start(), kind, name))
    yield from _without_repeats(cited, with_number)
    yield from _constitution(text)


def _known(kind: str, text: str, at: int) -> str:
    """Give the title at ``at`` as it is written, "" for none that is known."""
    found = _KNOWN[kind].match(fold_key(text[at : at + _LONGEST]))
    written = text[at : at + found.end()] if found else ""
    return written if found and fold_key(written) == found[0] else ""


def _dated(text: str, at: int) -> re.Match[str] | None:
    found = _DATED.match(text, at)
    return None if found and found[1].strip(" ,") in _NO_TITLES else found


def _without_repeats(cited: list[Law], with_number: set[str]) -> Iterator[Law]:
    years: defaultdict[str, set[str]] = defaultdict(set)
    for law in cited:
        name, _, year = law.number.rpartition(" ")
        if year.isdecimal():
            years[_key(law.kind, name)].add(year)
    for law in cited:
        key = _key(law.kind, law.number)
        if key not in with_number and len(years.get(key, ())) != 1:
            yield law


def _constitution(text: str) -> Iterator[Law]:
    hits = [hit for hit in _CONSTITUTION.finditer(text) if hit[1] or not hit[0].endswith(" ")]
    dated = any(hit[1] for hit in hits)
    for hit in hits:
        if hit[1]:
            yield Law(hit.start(), "Hiến pháp", hit[1])
        elif not dated:
            yield Law(hit.start(), None, "Hiến pháp")


def _key(kind: str | None, name: str) -> str:
    return fold_key(f"{kind} {name}").replace(",", "")
