"""Posts, ranks and forms of address beside which people are named, as patterns."""

from __future__ import annotations

from pipelines.clean.compounds import OF_TITLES
from pipelines.clean.text import CAPITALS

POST = (
    r"(?:(?:[Nn]guyên|[Cc]ựu|[Qq]uyền|[Cc]ố|[Tt]ân) )?(?:[Pp]hó )?"
    r"(?:Tổng [Bb]í thư|[Bb]í thư|[Cc]hủ tịch nước|[Cc]hủ tịch|[Gg]iám đốc|[Tt]ổng [Gg]iám đốc"
    r"|[Tt]rưởng (?:[Bb]an|[Pp]hòng|[Đđ]oàn|[Kk]hoa|[Tt]rạm|[Cc]ông an|ấp|khóm|thôn|bản|khu phố)"
    r"|[Cc]hủ nhiệm|[Cc]hánh (?:[Vv]ăn phòng|[Tt]hanh tra|án)|[Vv]iện trưởng|[Tt]hủ tướng"
    r"|[Bb]ộ trưởng|[Tt]hứ trưởng|[Hh]iệu trưởng|[Cc]hỉ huy trưởng|[Cc]hính (?:ủy|uỷ|trị viên)"
    r"|[Ủủ]y viên|[Uu]ỷ viên|[Đđ]ội trưởng|[Tt]ổ trưởng|[Cc]ục trưởng|[Vv]ụ trưởng|[Tt]ư lệnh"
    r"|[Đđ]ồn trưởng|[Tt]ổng [Bb]iên tập|[Tt]hống đốc|[Tt]ổng [Tt]hư ký"
    r"|[Đđ]ại sứ(?: Việt Nam tại)?"
    r"|[Tt]ham mưu trưởng|[Kk]ế toán trưởng|[Tt]ổng (?:[Tt]hanh tra|[Kk]iểm toán)"
    r"|[Đđ]ại biểu (?:Quốc hội|HĐND)|Trưởng)"
)
_ONE_RANK = (
    r"(?:(?:[Đđ]ại|[Tt]hượng|[Tt]rung|[Tt]hiếu) (?:tướng|tá|úy|uỷ)|[Bb]ác sĩ|[Tt]iến sĩ|[Tt]hạc sĩ"
    r"|(?:[Pp]hó )?[Gg]iáo sư|[Kk]ỹ sư|[Ll]uật sư|[Ll]inh mục|[Hh]òa thượng|[Tt]hượng tọa"
    r"|[Đđ]ại đức|[Tt]ân binh"
    r"|(?:PGS|GS|TS|T[Hh][Ss]|BS(?:CK ?I{1,2})?|CK ?I{1,2}|KS|LS|TTƯT|TTND|NSƯT|NSND)\b\.?)"
)
RANK = rf"(?:{_ONE_RANK}(?:(?:, ?| ?[.-] ?| )?{_ONE_RANK})*)"
_PRONOUN = (
    r"(?:[Đđ]ồng chí|[Đđ]/c|[Aa]nh|[Ôô]ng|[Bb]à|[Cc]hị|[Ee]m|[Cc]ô|[Tt]hầy|[Cc]hú|[Bb]ác|[Cc]ụ"
    r"|[Dd]ì)"
)
ADDRESS = (
    rf"(?:{_PRONOUN}|[Nn]ghệ nhân|[Nn]ông dân|[Nn]hà giáo|[Mm]ẹ Việt Nam Anh hùng|[Hh]ọa sĩ"
    r"|[Nn]hạc sĩ|[Ss]ư cả|(?:Tổng )?[Ll]ãnh sự"
    r"|Anh hùng(?: LLVTND| LLVT| Lực lượng vũ trang nhân dân| Lao động))"
)
CALLING = (
    rf"(?:{ADDRESS}|[Tt]hầy giáo|[Cc]ô giáo|[Nn]ghệ nhân (?:[Ưư]u tú|[Nn]hân dân)|[Gg]ià làng"
    r"|[Nn]hà (?:báo|văn|thơ|khoa học|sử học)|[Cc]ử tri|(?:[Cc]a|[Nn]ghệ|[Ll]iệt|[Cc]hiến|[Vv]õ) sĩ"
    r"|[Dd]iễn viên|[Đđ]ạo diễn|[Pp]hóng viên|[Ll]ương [Yy]|[Cc]háu|[Bb]ị (?:cáo|can|hại)"
    r"|[Dd]oanh nhân|[Cc]ầu thủ|(?:Phó )?[Tt]ỉnh trưởng"
    r"|[Ss]inh viên|[Hh]ọc sinh|[Ss]ư cô|[Tt]ổng thống|MC|HLV)"
)
"""What stands alone before a name; ``ADDRESS`` may stand before a title, too."""
_OF = (
    "ủy|uỷ|ban|nhân|dân|tỉnh|huyện|xã|phường|thị|thành|phố|trấn|quận|hội|đồng|mặt|trận|tổ|quốc"
    "|thường|trực|trưởng|chuyên|trách|phòng|sở|đoàn|công|an|quân|sự|khu|ấp|khóm|chi|bộ|đảng|vụ|và"
    "|văn|kiêm|phụ|của|nông|thôn|cựu|chiến|binh|liên|hiệp|nữ|lao|động|niên|thanh|Việt|Nam|pháp"
    "|chế|kinh|tế|giáo|dục|đào|tạo|y|tài|chính|nội|môi|trường|vận|tuyên|kiểm|tra|chấp|hành|dựng"
    "|sát|thương|tư|thông|tin|truyền|hóa|giao|tải|ngoại|tộc|tôn|sản|nước|nhà|chức|chỉ|huy|nguyên"
    "|thiên|cao|cấp|ninh|nghiệp|phát|triển|du|lịch|thể|thao|khoa|học"
)
OFFICE_WORD = (
    rf"(?:(?:{OF_TITLES})(?!\w)|(?:TP|TX|[HPQX])\.(?= )|[{CAPITALS}]\w*(?:[.&]\w+)*"
    rf"|(?:{_OF})\b|[-–&]|\d(?:(?<=quận .)|(?<=phường .)|(?<=Quân y .)|(?<=Nhi đồng .)"
    r"|(?<=[Qq]uân khu .)|(?<=[Đđ]oàn .)|(?<=[Đđ]ội .))\d{0,2}\b)"
)
"""A word of an office's name: one of these, any capitalised one, some numbers."""
