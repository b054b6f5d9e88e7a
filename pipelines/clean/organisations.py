"""Organisations that a text names, as they are written, with their place."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.clean.compounds import CAPITALISED, LOWER, OFFICE, OFFICE_HEAD
from pipelines.clean.countries import COUNTRIES
from pipelines.clean.gazetteer import gazetteer, name_key
from pipelines.clean.starts import at_starts
from pipelines.clean.surnames import SURNAMES
from pipelines.clean.text import CAPITALS, SMALLS

SYLLABLE = rf"[{CAPITALS}][{SMALLS}]{{0,6}}"
"""A syllable of a name."""

_NO_OTHER = "(?!Bệnh viện|Ngân hàng|Đại học|Cao đẳng|Tập đoàn)"  # a second body begins with it
# "Kiểm toán và Tư vấn", "Thương mại dịch vụ"; a hospital's may have its number: "Quân y 103".
# Without a bound each "Ngân hàng" of a long row would be followed to the row's end.
_COMPOUND = (
    rf"(?:{CAPITALISED})(?:(?: (?:và|-|–) {_NO_OTHER}| )(?:{CAPITALISED}|{LOWER})){{0,30}}+"
    rf"(?![{SMALLS}])"
    r"(?:(?:(?<=Quân y)|(?<=Nhân dân)) \d{3}\b|(?<=Nhi đồng) \d\b)?"
)
_OWN_NAME = (
    rf"(?: (?:{LOWER})(?= (?:[{CAPITALS}]|{LOWER})))*+"
    rf"(?: (?:{_COMPOUND}|(?!T[PX]\b)[{CAPITALS}]\w*)){{1,8}}"
    # "Công ty CP Tư vấn 36"
    rf"(?:(?<=[{SMALLS}]) \d{{1,3}}(?=[,;.)”\n]|$| (?:và|trúng|đã|là|được|tại|ở)\b))?"
)
_PARTY = r"(?:Tỉnh|Thành|Huyện|Thị|Quận|Đảng) (?:ủy|uỷ)(?! viên)"
_FIELDS = (
    "Nông nghiệp|Giáo dục|Y tế|Nội vụ|Tài chính|Xây dựng|Công [Tt]hương|Tư pháp|Văn hóa|Văn hoá"
    "|Lao động|Tài nguyên|Khoa học|Kế hoạch|Kinh tế|Thông tin|Giao thông|Dân tộc|Du lịch|Ngoại vụ"
    "|Ngoại giao|Quốc phòng|Công an"
)
# "Sở GD&ĐT", "Bộ LĐ-TB&XH", "Phòng CSGT"
_INITIALS = rf"(?!SGK|VIP|CPU|PC\b)[{CAPITALS}]{{2,7}}(?:(?: ?& ?|-)[{CAPITALS}]{{2,7}}){{0,3}}"
_JOIN = r"(?:, | và | - | – )"
_BESIDE = (
    "[Tt]hể thao|Thương binh|Hạ tầng|[Tt]ruyền thông|Gia đình|[Xx]ã hội|[Đđ]ào tạo|[Cc]ông nghệ"
    "|[Mm]ôi trường|[Đđ]ầu tư|[Vv]ận tải|[Dd]u lịch|[Tt]ổng hợp|[Pp]hát triển [Nn]ông thôn"
)
_NO_BODY = (
    "(?!Hội|Bộ|Sở|[ỦU][ỷy]|Ban|Cục|Viện|Tòa|Toà|Chính|Văn phòng|Thanh tra|Ngân hàng|Đảng|Tỉnh"
    "|Công an|Chủ|Bí|Phó|Trưởng|Giám|Thứ|Thủ|Tổng|Liên|Quốc|Trung|Mặt|Kho|Kiểm|Bảo)"
)
# "Cục Cảnh sát giao thông", "Viện Dinh dưỡng Quốc gia", "Hiệp hội Doanh nghiệp"
_OFFICE_NAME = (
    rf" (?:{OFFICE_HEAD})(?![{SMALLS}])"
    rf"(?:(?:,| và| -)? (?:{OFFICE})(?![{SMALLS}])){{0,12}}"
    r"(?: QLHC)?(?: về (?:trật tự xã hội|TTXH|ma túy|kinh tế, chức vụ|tham nhũng|môi trường))?"
    r"(?: (?:Dược|Thuế|Việt Nam|Trung ương|Quốc gia)\b)*"
)
# a firm's may be followed by its head's: "Chủ tịch Tập đoàn FLC Trịnh Văn A"
_FIRM_NAME = (
    rf"(?: (?:{LOWER})(?= (?:[{CAPITALS}]|{LOWER})))*+"
    rf" (?:{_COMPOUND}|[{CAPITALS}]\w*)"
    rf"(?:(?! (?:{SURNAMES}) (?!(?:{SURNAMES}) )[{CAPITALS}][{SMALLS}]+ [{CAPITALS}][{SMALLS}])"
    rf" (?:{_COMPOUND}|(?!T[PX]\b)[{CAPITALS}]\w*)){{0,5}}"
)
_ARMY = (
    r"(?:Quân khu (?:\d|Thủ đô)|(?:Quân|Binh) đoàn \d{1,2}|Vùng \d (?:Hải quân|Cảnh sát biển)"
    r"|(?:Sư|Lữ|Trung) đoàn(?: (?:Bộ binh|Pháo binh|Công binh|Đặc công|Thông tin))? \d{1,3})"
)
_COUNCIL = r"(?:HĐND|Hội đồng nhân dân)"
_PEOPLES = rf"(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND|{_COUNCIL})"
_NUMBER = rf"(?:\d{{1,2}}|[IVX]{{1,6}})(?![\w{SMALLS}])"
# since July 2025 courts, tax offices and others serve a region: "khu vực 3 - An Giang"
_REGION = rf"(?: khu vực {_NUMBER}(?: [-–] {SYLLABLE}(?: {SYLLABLE}){{1,3}})?)?"
_HAMLET = (
    r"(?:ấp|khóm|thôn|khu phố|khu dân cư|tổ dân phố|xóm|bản|buôn|làng|khối)"
    rf" (?:{_NUMBER}|{SYLLABLE}(?: {SYLLABLE}){{0,3}}(?: \d)?)"
)
_CORE = (
    rf"Văn phòng (?:{_COUNCIL}|Đoàn (?:[Đđ]ại biểu Quốc hội|ĐBQH)) và {_PEOPLES}"
    rf"|(?:Văn phòng )?{_PEOPLES}|Thường trực {_COUNCIL}|Đoàn (?:[Đđ]ại biểu Quốc hội|ĐBQH)"
    r"|(?:(?:Ban Thường trực|Cơ quan) )?(?:Ủy ban|Uỷ ban) (?:Trung ương )?"
    r"(?:Mặt trận Tổ quốc|MTTQ)(?: Việt Nam)?"
    r"|UBMTTQVN|UBMTTQ|MTTQ(?: Việt Nam)?|Mặt trận Tổ quốc(?: Việt Nam)?"
    rf"|(?:Ban (?:[Cc]ông tác Mặt trận|[Nn]hân dân)|Chi bộ) {_HAMLET}"
    rf"|Chi bộ (?:Quân sự|Công an|Quân sự - Công an|Văn phòng {_PARTY})"
    rf"|Ban Xây dựng Đảng(?: {_PARTY})?|Cơ quan (?:Ủy|Uỷ) ban Kiểm tra {_PARTY}"
    r"|Đảng (?:ủy|uỷ) các (?:[Cc]ơ quan [Đđ]ảng|[Kk]hu công nghiệp)"
    r"|Hội đồng [Bb]ầu cử [Qq]uốc gia|(?:Ủy|Uỷ) ban [Bb]ầu cử"
    r"|Ban [Bb]ầu cử số \d{1,2}|Tổ [Bb]ầu cử số \d{1,3}"
    r"|Bộ phận (?:[Tt]iếp nhận và [Tt]rả kết quả|[Mm]ột cửa)"
    rf"|Công đoàn (?:ngành (?:{_FIELDS})|[Vv]iên chức|[Cc]ơ sở|(?:các )?[Kk]hu (?:kinh tế"
    r"|công nghiệp|chế xuất))"
    rf"|Thuế cơ sở {_NUMBER}|(?<!cục )Thuế(?= (?:tỉnh|thành phố|TP)\b)"
    rf"|Ban Chỉ huy [Pp]hòng thủ{_REGION}"
    r"|(?:Đài (?:Phát thanh(?:,? | và | ?[-–] ?)[Tt]ruyền hình|PT ?[-–] ?TH|PTTH)"
    r"|Báo và (?:Đài )?[Pp]hát thanh(?:,? | và | ?[-–] ?)[Tt]ruyền hình"
    r"|Báo(?= [A-ZĐ])(?! (?:Nhân [Dd]ân|Quân đội|Dân trí|VnExpress|Tuổi Trẻ|Thanh Niên))"
    r"|Bưu điện(?= (?:tỉnh|thành phố|huyện|xã|phường|TP|TX)\b))"
    rf"|(?:Bảo hiểm xã hội|BHXH) (?:cơ sở|khu vực)(?: {_NUMBER}|(?: {SYLLABLE}){{2,4}})"
    r"|Ban Quản lý (?:[Cc]hợ|[Bb]ến xe|[Cc]ảng(?: cá)?|[Rr]ừng(?: phòng hộ| đặc dụng)?"
    rf"|[Kk]hu (?:di tích|du lịch|kinh tế cửa khẩu|bảo tồn))(?: {SYLLABLE}){{1,4}}"
    rf"|Tổ (?:tiết kiệm và vay vốn|[Cc]ông nghệ số cộng đồng) {_HAMLET}"
    rf"|Tổ hợp tác(?: [{SMALLS}]{{1,7}}){{0,4}}(?: {SYLLABLE}){{2,4}}"
    r"|Đội (?:Cảnh sát giao thông|CSGT|Quản lý thị trường) số \d{1,2}|Phòng P[AC]\d\d"
    r"|(?:Chi nhánh )?Văn phòng (?:Đăng ký đất đai"
    r"|Điều phối (?:(?:xây dựng )?[Nn]ông thôn mới|NTM))"
    r"|Quỹ [“\"][^“”\"\n]{2,40}[”\"]"
    rf"|(?:Ban (?:Dân vận|Tuyên giáo(?: và Dân vận)?|Tổ chức|Nội chính|Đối ngoại|Kinh tế"
    rf"|Thường vụ|Chấp hành(?: Đảng bộ)?)"
    rf"|Ủy ban Kiểm tra|Thường trực|Văn phòng)(?: {_PARTY}| Trung ương Đảng| Trung ương)"
    rf"|Ban Chấp hành Đảng bộ|Đảng bộ|Quân (?:ủy|uỷ) Trung ương|{_PARTY}"
    r"|Ban (?:Chỉ huy (?:Quân sự|PCTT(?: (?:và|&) TKCN)?|[Pp]hòng thủ dân sự"
    r"|[Pp]hòng,? chống thiên tai(?: và [Tt]ìm kiếm [Cc]ứu nạn)?)|CHQS)"
    r"|Bộ (?:Chỉ huy (?:Quân sự|Bộ đội Biên phòng)|CHQS)"
    r"|Bộ đội Biên phòng|BĐBP|Công an"
    r"|Hội (?:Liên hiệp Phụ nữ|LHPN|Nông dân|Cựu chiến binh|Chữ thập đỏ|Khuyến học|Người cao tuổi"
    r"|Luật gia|Nhà báo|Đông y|Nạn nhân chất độc da cam(?:/dioxin)?|Cựu [Gg]iáo chức"
    r"|Bảo trợ (?:[Nn]gười (?:khuyết tật|tàn tật)|[Bb]ệnh nhân nghèo)"
    r"(?:(?: và|,) [Tt]rẻ (?:em )?mồ côi)?|Cựu thanh niên xung phong"
    r"|Liên hiệp Thanh niên|LHTN|Văn học [Nn]ghệ thuật)(?: Việt Nam)?"
    rf"|Hội Hữu nghị Việt Nam(?: [-–] (?:{COUNTRIES})(?!\w))?"
    r"|Hội đồng (?:[Bb]ồi thường, hỗ trợ(?:,| và) tái định cư|[Nn]ghĩa vụ quân sự"
    r"|[Tt]hi đua [-–] [Kk]hen thưởng)"
    r"|(?:Ban Trị sự )?(?:Giáo hội Phật giáo|GHPGVN)(?: Việt Nam)?"
    r"|Ban (?:Pháp chế|Kinh tế [-–] Ngân sách|Văn hóa [-–] Xã hội)(?: (?=HĐND|Hội đồng))?"
    r"|Đoàn (?:Thanh niên|TNCS)(?: Cộng sản)?(?: Hồ Chí Minh)?|Tỉnh đoàn|Huyện đoàn"
    r"|Liên đoàn Lao động|LĐLĐ|Liên minh Hợp tác xã"
    r"|(?:T(?:òa|oà) án [Nn]hân dân|TAND|Viện (?:[Kk]iểm sát [Nn]hân dân|KSND)|VKSND)"
    rf"(?: [Tt]ối cao| [Cc]ấp cao(?: tại)?|{_REGION})"
    rf"|Kho bạc Nhà nước{_REGION}|(?:Văn phòng |Thanh tra )?Chính phủ|(?:Văn phòng )?Quốc hội"
    r"|Bộ Chính trị"
    r"|Kiểm toán [Nn]hà nước|Thông tấn xã Việt Nam|Đài (?:Truyền hình|Tiếng nói) Việt Nam"
    r"|Ban Bí thư(?: Trung ương Đảng)?|(?:Bảo hiểm xã hội|BHXH)(?: Việt Nam)?"
    r"|(?:Tổng cục|Cục|Chi cục) (?:Thuế|Hải quan|Thống kê|Kiểm lâm|Thi hành án dân sự"
    r"|Quản lý thị trường|Thủy lợi|Thủy sản|Chăn nuôi và Thú y|Trồng trọt và Bảo vệ thực vật)"
    rf"{_REGION}"
    rf"|(?:Sở|Phòng|Bộ) (?:{_FIELDS})"
    rf"(?:{_JOIN}(?:{_BESIDE})| và (?:{_NO_BODY}{SYLLABLE} [{SMALLS}]+)"
    rf"| (?:{CAPITALISED}|{_BESIDE})(?![{SMALLS}]))*"
    rf"|(?:Sở|Phòng|Bộ) {_INITIALS}"
    rf"|Phòng(?= (?:Cảnh sát|An ninh|Quản lý xuất nhập cảnh)){_OFFICE_NAME}"
    r"|Cơ quan (?:Cảnh sát điều tra|CSĐT|An ninh điều tra)"
    rf"|Ban Chỉ đạo(?! nghiên| hỗ trợ| kiểm tra| giám sát| tổ chức| điều)"
    rf"(?: (?:{OFFICE})(?![{SMALLS}])){{1,8}}"
    rf"|(?:Tổng cục|Cục|Vụ|Viện|Hiệp hội|Quỹ|Ủy ban|Uỷ ban|Hội|Tổng Liên đoàn){_OFFICE_NAME}"
    rf"|Ban(?= Quản lý [{SMALLS}]){_OFFICE_NAME}|Ban QLDA|Viện Pasteur"
    rf"|(?:Tập đoàn|Tổng [Cc]ông ty){_FIRM_NAME}|{_ARMY}"
    r"|Báo (?:Nhân [Dd]ân|Quân đội [Nn]hân dân|Dân trí|VnExpress|Tuổi Trẻ|Thanh Niên)"
    r"|Đoàn(?= (?:xã(?! hội)|phường|thị trấn) )"
    r"|(?:Trường (?:THPT|THCS|TH|Trung học (?:cơ sở|phổ thông)|Tiểu học|Mầm non|Mẫu giáo"
    r"|Đại học|ĐH|Cao đẳng|CĐ|Chính trị"
    r"|PTDT[NB]T|Phổ thông [Dd]ân tộc (?:[Nn]ội|[Bb]án) trú)"
    r"(?:(?: (?:và|-|–) | ?& ?| )(?:THCS|THPT|Tiểu học|Trung học (?:cơ sở|phổ thông)))*"
    r"(?: chuyên)?"
    r"(?: [“\"][A-Z][”\"])?|Bệnh viện(?: Đa khoa)?"
    r"|Trung tâm (?:Y tế|Phục vụ [Hh]ành chính công)|Trạm Y tế|Hợp tác xã|HTX"
    r"|(?:Phòng giao dịch )?Ngân hàng"
    rf"|Công ty (?:TNHH|Cổ phần|CP))(?:{_OWN_NAME})?"
    rf"|Công ty{_FIRM_NAME}|Trung tâm(?! Thương mại){_OFFICE_NAME}"
    r"|(?:Bảo tàng(?: - Thư viện)?|Thư viện)(?= (?:tỉnh|thành phố|TP)\b)"
    r"|(?:Điện lực|CDC)(?= [A-ZĐ])|JICA|KOICA|UNDP|UNICEF|UNESCO|UNFPA|USAID"
    rf"|(?:Đại học|Học viện|Đồn Biên phòng){_OWN_NAME}"
)
# since 2025 a Party committee stands beside some offices: "Đảng ủy UBND tỉnh"
ORGANISATION = re.compile(rf"(?<![\w-])(?:Đảng (?:ủy|uỷ) )?(?:{_CORE})(?![\w-])")
"""A body's name, without its place."""
# where one may begin: a class comes first, so that the search runs from one such letter to the next
_START = re.compile(
    r"[BCĐGHJKLMNPQSTUVỦ](?<![\w-].)(?="
    r"áo (?:[A-ZĐ]|và )|ặt trận T|huế [ctT]|hi bộ [^\W_]|hi nh|ưu đ|ổ (?:h|t|cô|Cô|b|B)"
    r"|ụ [A-ZĐ]|uỹ |iệp h|inh đ|uân [kđuủ]"
    r"|ùng \d|ữ đ|ư đ"
    r"|ập đ|ổng [cCL]|rung đ|ơ q|oà |ở |hòng |ộ |an |ông |ảng |ội |oàn |ỉnh |hành |uyện |uận |hị "
    r"|ủy |uỷ |ỷ |y |BND|ĐND|TTQ|BMT|ăn p|hanh t|hường t|iện |òa |AND|KSN|ho b|hính p|uốc h|iểm t"
    r"|hông t|ài |ảo [ht]|hư v|HTX|TX |DC |ICA|OICA|N(?:DP|IC|ES|FP)|SAID|iáo h|HPG|HXH|ổng c"
    r"|ục |hi c|rường |ệnh v|rung t|rạm |ợp t|gân h|ại h|ọc v|ồn |iên |ĐLĐ|ĐBP)"
)
_NAMED = rf"{SYLLABLE}(?:(?: | ?[-–] ?){SYLLABLE})"  # "Bà Rịa - Vũng Tàu"
_KIND = re.compile(
    r" ((?:[Tt]ỉnh|[Hh]uyện|[Tt]hị xã|[Tt]hành phố|[Qq]uận|[Xx]ã(?! hội)|[Pp]hường|[Tt]hị trấn"
    rf"|[Đđ]ặc khu|TP|TX)(?!\w)|TP(?=HCM))(?:\.? ?(HCM\b|{_NAMED}{{0,4}}|(?<= )\d{{1,2}}\b))?(?!\w)"
)
_BARE = re.compile(rf" ({_NAMED}{{1,4}})")
_ALONE = frozenset(
    {"Công an", "MTTQ", "Bệnh viện", "Hợp tác xã", "Ngân hàng", "Văn phòng", "Đảng bộ", "BHXH"}
    | {"Bảo hiểm xã hội", "Trạm Y tế", "UBND", "Ủy ban nhân dân", "Uỷ ban nhân dân", "HĐND"}
    | {"Hội đồng nhân dân", "TAND", "Tòa án nhân dân", "Trường THPT", "Trường THCS"}
    | {"Trường Tiểu học", "Trường Mầm non", "Trường Đại học", "Trường ĐH", "Trường Cao đẳng"}
    | {"Mặt trận Tổ quốc", "Báo"}
    | {"HTX", "Điện lực", "Công ty Điện lực", "CDC", "Trường Mẫu giáo", "Trường PTDTNT"}
    | {"Công ty TNHH", "Công ty Cổ phần", "Công ty CP", "Trung tâm Y tế", "Bệnh viện Đa khoa"}
)
# another country's is another body
_OF_ANY_WORDS = re.compile(
    r"(?:Đảng (?:ủy|uỷ) )?"
    r"(?:Tổng cục|Cục|Vụ|Viện (?![Kk]iểm sát)|Hiệp hội|Quỹ|[ỦU][ỷy] ban (?!Mặt|MTTQ|Trung ương)"
    r"|Phòng (?:Cảnh sát|An ninh)|Ban Chỉ đạo|Ban Quản lý"
    r"|Trung tâm (?!Y tế|Phục vụ)|Tập đoàn|Tổng [Cc]ông ty"
    r"|Công ty (?!TNHH|Cổ phần|CP))"
)
# a sign, the next body or its head, or a word with which a sentence goes on
_ENDS = re.compile(
    rf"$|[^\w &]| [^\w ]| (?:{SURNAMES}) [{CAPITALS}]| (?:Bộ|Sở|Công an|Ngân hàng|Văn phòng|Ban)"
    r"| (?:cho|nói|đã|sẽ|đang|vừa|là|tại|trao|tặng|khẳng|nhấn|chia|thông|xác|nhận|trả|bày|yêu|đề"
    r"|chủ|dự|tham|đến|tới|thăm|khai|kết|báo|trình|lưu|cảnh|ký|và|phối|tổ chức|của|ở|thuộc|để|từ"
    r"|theo|với|được|bị|do|khi|như|có|không|cũng|còn|nêu|công bố|mong|gửi|giải|hướng|thực|triển"
    r"|ban hành|tiếp|làm|vào|trong|trên|sau|trước|cùng|cử|giao|mở|phê|quyết|đánh|bắt|ra|cần"
    r"|nên|phải|đưa|gọi|mời|giữ|rút|tài trợ|thi công|dưới|gồm|chịu|nộp|xin|hứa"
    r"|lần|năm|ngày|sáng|chiều|tối|thì|mà|nhằm|cấp|chi|tuyên|vận|khởi|ghi|xem|nhiều|các"
    r"|một|hai|những"
    r"|dành|đảm|lên|qua|khuyến|huy|bàn|bổ|bố|chỉ đạo|chuyển|cung|cập|cam|dẫn|hoàn|lấy|lập|nắm"
    r"|phân|rà|tăng|tạo|thu|tìm|ủng|vẫn|hôm|phát|đồng|kiểm tra|giám sát|hỗ trợ|tỉnh"
    r"|huyện|xã|quận|phường|thành phố|TP)(?!\w)"
)
# a short form in brackets: "Hiệp hội Lương thực Việt Nam (VFA)"
_SHORTENED = re.compile(
    r"Ngân hàng|Tập đoàn|Tổng [Cc]ông ty|Công ty|Hiệp hội|Quỹ|Liên minh Hợp tác xã|Đại học"
)
_SHORT = re.compile(
    r" \((?:(?:sau đây )?(?:gọi|viết) tắt là )?((?!TP|HCM)[A-Z]{3,10}|[A-Z][a-z]{1,9}[Bb]ank)\)"
)
_STATE = re.compile("Chính phủ|Quốc hội|Bộ |Ngân hàng|Đại học|Cục|Tổng cục|[ỦU][ỷy] ban|Viện")
_COUNTRY = re.compile(rf" (?:{COUNTRIES})(?!\w| [{CAPITALS}])")


def find_organisations(text: str) -> tuple[str, ...]:
    """Find the organisations that a text names, as written, each once, with their place."""
    found: dict[str, None] = {}
    for hit in at_starts(_START, ORGANISATION, text):
        name = with_place(text, hit)
        if name not in _ALONE and not _goes_on(text, hit, name):
            found[name] = None
            if _SHORTENED.match(name) and (short := _SHORT.match(text, hit.start() + len(name))):
                found[short[1]] = None
    return tuple(found)


def _goes_on(text: str, hit: re.Match[str], name: str) -> bool:
    """Tell half an office's name: "Vụ Quản lý" with a word behind it that may belong to it."""
    if name != hit[0] or not _OF_ANY_WORDS.match(name):
        return False
    return _ENDS.match(text, hit.end()) is None


def with_place(text: str, hit: re.Match[str]) -> str:
    """Add the place behind an organisation; a person's name behind an office is none."""
    end = hit.end()
    if kind := _KIND.match(text, end):
        place = place_at_head(kind[2], kind[1].lower()) if kind[2] else ""
        return text[hit.start() : kind.start(2) + len(place) if place else kind.end(1)]
    if _STATE.match(hit[0]) and (country := _COUNTRY.match(text, end)):
        return hit[0] + country[0]
    if bare := _BARE.match(text, end):
        place = place_at_head(bare[1], "")
        return f"{hit[0]} {place}" if place else hit[0]
    return hit[0]


_DASH = re.compile(" ?[-–] ?")


@lru_cache(maxsize=4096)
def place_at_head(name: str, kind: str) -> str:
    """Give the longest beginning of ``name`` that a unit of that kind is called; "": none.

    Without a kind only provinces and districts of two syllables or more.
    """
    known = gazetteer()
    if name == "HCM":
        return name
    tables = _TABLES.get(kind.rstrip("."), ("provinces", "districts"))
    syllables = name.split(" ")
    for size in range(len(syllables), 0 if kind else 1, -1):
        part = " ".join(syllables[:size]).rstrip(" -–")
        keys = name_key(part), name_key(_DASH.sub(" ", part))  # "Thừa Thiên - Huế" has one or none
        if any(key in getattr(known, table) for table in tables for key in keys):
            return part
    return ""


_TABLES = {
    "tỉnh": ("provinces",), "huyện": ("districts",), "quận": ("districts",),
    "thị xã": ("districts",), "xã": ("communes",), "phường": ("communes",),
    "thị trấn": ("communes",), "đặc khu": ("communes",),
}  # fmt: skip
