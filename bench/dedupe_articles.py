"""Write news articles and serial notices in Vietnamese, from phrases, seeded: texts to measure on.

Phrases of four to eight syllables are drawn from pools large enough that two articles share words
and turns of speech, as two newsrooms do, and no paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


@dataclass(frozen=True, slots=True)
class Article:
    """A generated text: its title and paragraphs."""

    title: str
    body: tuple[str, ...]

    @property
    def text(self) -> str:
        """Join all as the benchmark's files hold it."""
        return "\n".join((self.title, *self.body))


def pool(text: str) -> tuple[str, ...]:
    """Read phrases, separated by bars and line ends."""
    return tuple(part.strip() for part in text.replace("\n", "|").split("|") if part.strip())


PLACES = pool("""
Vĩnh Thạnh|Phú Mỹ|Tân Hòa|Long Điền|An Bình|Mỹ Lợi|Thạnh Hóa|Bình Long|Hưng Phú|Đông Thuận
Trung Lương|Khánh Hậu|Nhơn Ái|Phước Tân|Hòa Thuận|Tân Thới|Vĩnh Kim|Lộc Giang|Thới Hưng|Mỹ Quý
Định Môn|Tam Hiệp|Long Thới|Bình Minh|Thanh Mỹ|Hiệp Hòa|Đại Phước|Gia Thuận|An Cư|Phú Hữu
""")
SURNAMES = pool("Nguyễn|Trần|Lê|Phạm|Huỳnh|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Phan|Trương|Mai")
_MIDDLES = pool("Văn|Thị|Hữu|Minh|Quốc|Thanh|Ngọc|Đức|Công|Hoàng|Kim|Xuân|Tấn|Bảo")
_GIVENS = pool("An|Bình|Châu|Dũng|Hà|Hiền|Khoa|Lan|Long|Mai|Nam|Phúc|Quân|Sơn|Tâm|Thảo|Tuấn|Yến")
BODIES = pool("""
Đảng ủy|Ủy ban nhân dân|Hội Nông dân|Hội Liên hiệp Phụ nữ|Đoàn Thanh niên|Hội Cựu chiến binh
Ban Chỉ huy Quân sự|Công an|Trạm Y tế|Ban Dân vận|Mặt trận Tổ quốc|Hội Chữ thập đỏ|Trường Tiểu học
Hội Người cao tuổi|Liên đoàn Lao động|Hợp tác xã Nông nghiệp|Hội Khuyến học|Trung tâm Văn hóa
""")
_ROLES = pool("""
Bí thư Đảng ủy|Chủ tịch Ủy ban nhân dân|Phó Chủ tịch Hội đồng nhân dân|Trưởng Ban Dân vận
Chủ tịch Hội Nông dân|Phó Trưởng Công an|Giám đốc Trung tâm Văn hóa|Bí thư Đoàn Thanh niên
Trưởng Trạm Y tế|Hiệu trưởng|Chủ nhiệm Ủy ban Kiểm tra|Chánh Văn phòng
""")
_ACTS = pool("""
tổ chức hội nghị sơ kết|phát động phong trào thi đua|ra quân tuyên truyền vận động
trao tặng quà cho|khánh thành và bàn giao|tổ chức lớp tập huấn về|giám sát việc thực hiện
tiếp xúc và đối thoại về|kiểm tra tiến độ|ký kết chương trình phối hợp về|họp mặt nhân kỷ niệm
biểu dương các điển hình trong|lấy ý kiến nhân dân về|triển khai kế hoạch mới cho
thăm hỏi và động viên|tọa đàm trực tuyến quanh|hướng dẫn thủ tục liên quan
rà soát toàn bộ danh sách|vận động nguồn lực dành cho|tổng kết mười năm
""")
MATTERS = pool("""
công tác dân vận khéo|xây dựng nông thôn mới nâng cao|cải cách thủ tục hành chính
chuyển đổi số ở cơ sở|phòng chống dịch tả lợn châu Phi|hỗ trợ học sinh vượt khó
bảo hiểm y tế toàn dân|vệ sinh môi trường kênh rạch|cầu giao thông nông thôn|nhà đại đoàn kết
quy chế dân chủ ở cơ sở|phong trào hiến đất mở đường|tuyến đê bao chống lũ
vùng trồng xoài xuất khẩu|mô hình nuôi lươn không bùn|phòng cháy chữa cháy khu dân cư
công tác tuyển quân đầu năm|an toàn giao thông học đường|ngày hội đọc sách|chợ phiên nông sản sạch
các hộ bị sạt lở bờ sông|lớp dạy nghề đan lục bình|cuộc thi tìm hiểu pháp luật
điểm nhóm sinh hoạt tôn giáo|việc sắp xếp đơn vị hành chính|quỹ vì người nghèo
tổ hợp tác chăn nuôi bò|dự án cấp nước tập trung
""")
_MANNERS = pool("""
với sự tham dự của đông đảo bà con|trong không khí ấm áp nghĩa tình
theo tinh thần chỉ đạo của cấp trên|ngay tại nhà văn hóa ấp|bằng nhiều hình thức phong phú
kết hợp trực tiếp và trực tuyến|đúng tiến độ đã đề ra từ đầu năm|sau nhiều tháng chuẩn bị chu đáo
dưới cơn mưa đầu mùa nặng hạt|với phương châm dân biết dân bàn
nhằm chăm lo cho các gia đình chính sách|trước sự chứng kiến của các ngành
trong khuôn khổ tháng cao điểm|để kịp phục vụ mùa thu hoạch|gắn với việc học tập và làm theo Bác
ở những tuyến đường còn lầy lội|qua hệ thống loa truyền thanh|từ nguồn xã hội hóa hoàn toàn
""")
_RESULTS = pool("""
đã vận động được {n} triệu đồng và {m} ngày công|có {n} hộ thoát nghèo bền vững trong sáu tháng
đạt {p} phần trăm kế hoạch cả năm|xây mới {m} căn nhà và sửa chữa {k} căn khác
giảm {k} vụ việc so với cùng kỳ năm trước|tiếp nhận {n} lượt ý kiến của cử tri
trồng thêm {n} cây xanh dọc hai bên tuyến lộ|cấp {n} thẻ bảo hiểm cho người khó khăn
nâng thu nhập bình quân lên {p} triệu đồng một người|bê tông hóa {k} ki lô mét đường liên ấp
hòa giải thành {k} trong số {m} vụ mâu thuẫn|thu gom gần {m} tấn rác thải nhựa
kết nạp {k} đảng viên mới và giới thiệu {m} quần chúng ưu tú
duy trì {m} tổ tự quản hoạt động đều tay
""")
_SAYINGS = pool("""
phải lắng nghe dân trước khi ban hành quyết định|mỗi cán bộ cần gần dân hơn nữa
kết quả hôm nay là công sức của cả cộng đồng|khó khăn nhất vẫn là nguồn vốn đối ứng
không để hộ nào bị bỏ lại phía sau|việc nhỏ mà làm đều thì thành phong trào lớn
cần nhân rộng cách làm này sang các ấp bạn|sẽ tháo gỡ dứt điểm trong quý tới
bà con đồng lòng thì việc gì cũng xong|mong các nhà hảo tâm tiếp tục chung tay
trẻ em trong xóm có chỗ vui chơi lành mạnh|thanh niên phải xung kích đi đầu
""")
_LINKS = pool("""
Bên cạnh đó|Theo báo cáo tại buổi làm việc|Qua khảo sát thực tế|Cũng trong dịp này|Được biết
Trước đó một tuần|Ghi nhận tại hiện trường|Từ nay đến cuối năm|Nhờ sự chung sức của nhân dân
Ở chiều ngược lại|Riêng tại các ấp vùng sâu|Đáng chú ý|Về phía đơn vị đồng hành|Sau phần thảo luận
""")
SYNONYMS: tuple[tuple[str, str], ...] = (
    (" cho rằng ", " nhấn mạnh "),
    (" cùng ", " phối hợp "),
    (" tổ chức ", " tiến hành "),
    (" kể lại chuyện ", " bộc bạch về "),
    ("Bên cạnh đó", "Ngoài ra"),
    ("Đáng chú ý", "Nổi bật"),
)
FORMULA = (
    "Thực hiện chủ trương chung, các cơ quan, đơn vị tiếp tục quán triệt sâu rộng đến cán bộ, đảng "
    "viên, đoàn viên, hội viên và nhân dân; nâng cao trách nhiệm người đứng đầu; kịp thời khen "
    "thưởng tập thể, cá nhân làm tốt và chấn chỉnh nơi làm chưa nghiêm túc."
)
_CLOSES = pool("""
Hoạt động sẽ còn tiếp tục ở những địa bàn còn lại trong tháng sau
Ban tổ chức cảm ơn các tập thể, cá nhân đã đồng hành suốt thời gian qua
Các ý kiến được tổng hợp để báo cáo cấp có thẩm quyền xem xét
Đoàn công tác đã ghi nhận và hứa sẽ trả lời bằng văn bản
Mô hình được đánh giá cao và sẽ giới thiệu tại hội thi cấp huyện
""")


def person(rng: Random) -> str:
    """Make up a name."""
    return " ".join((rng.choice(SURNAMES), rng.choice(_MIDDLES), rng.choice(_GIVENS)))


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: two newsrooms tell one event in their own words."""

    body: str
    place: str
    matter: str
    leader: str
    day: str


def event(rng: Random) -> Event:
    """Invent an event."""
    day = f"{rng.randint(1, 28)}/{rng.randint(1, 12)}"
    return Event(rng.choice(BODIES), rng.choice(PLACES), rng.choice(MATTERS), person(rng), day)


def title(rng: Random, at: Event) -> str:
    """Head an article on the event."""
    act, manner = rng.choice(_ACTS), rng.choice(_MANNERS)
    return rng.choice(
        (
            f"{at.body} {at.place} {act} {at.matter}",
            f"Xã {at.place}: {act.capitalize()} {at.matter}",
            f"{at.matter.capitalize()} {manner}",
        )
    )


def article(rng: Random, at: Event) -> Article:
    """Report the event: a lead and four to eight paragraphs."""
    lead = (
        f"{rng.choice(('Sáng', 'Chiều', 'Ngày'))} {at.day}, {at.body} xã {at.place} "
        f"{rng.choice(_ACTS)} {at.matter} {rng.choice(_MANNERS)}."
    )
    body = [lead, *(paragraph(rng, at) for _ in range(rng.randint(4, 8)))]
    return Article(title(rng, at), (*body, f"{rng.choice(_CLOSES)}."))


def paragraph(rng: Random, at: Event) -> str:
    """Write three to five sentences about the event."""
    return " ".join(_sentence(rng, at) for _ in range(rng.randint(3, 5)))


def _sentence(rng: Random, at: Event) -> str:
    result = rng.choice(_RESULTS).format(
        n=rng.randint(101, 990), m=rng.randint(11, 99), k=rng.randint(2, 39), p=rng.randint(51, 99)
    )
    other, place = rng.choice(BODIES), rng.choice(PLACES)
    matter, manner = rng.choice(MATTERS), rng.choice(_MANNERS)
    speaker = rng.choice((at.leader, person(rng)))
    return rng.choice(
        (
            f"{rng.choice(_LINKS)}, {other} xã {place} {rng.choice(_ACTS)} {matter}.",
            f"{rng.choice(_LINKS)}, {other} {result} {manner}.",
            f"{rng.choice(_ROLES)} {speaker} cho rằng {rng.choice(_SAYINGS)}.",
            f"Ông {speaker} ở ấp {place} kể lại chuyện {matter} {manner}.",
            f"Riêng {matter} {result}, {manner}.",
            f"{other} và {rng.choice(BODIES)} cùng {rng.choice(_ACTS)} {at.matter} {manner}.",
        )
    )


FORMS = tuple(
    tuple(" ".join(line.split()) for line in form.strip().split("//"))
    for form in (
        """
Lịch cúp điện xã {place} ngày {d}/{mo}/{y}
// Điện lực {place} thông báo lịch tạm ngừng cung cấp điện ngày {d}/{mo}/{y} để bảo trì lưới điện.
// Thời gian mất điện từ {h} giờ 30 phút đến {h2} giờ 15 phút tại {k} trạm biến áp, ảnh hưởng
{n} khách hàng; đường dây nhánh số {m} được đóng điện trở lại sớm nếu xong việc.
// Mọi chi tiết xin gọi tổng đài chăm sóc khách hàng để được giải đáp và hỗ trợ kịp thời.""",
        """
Thông báo lịch tiếp công dân tháng {mo} năm {y} của xã {place}
// Căn cứ Luật Tiếp công dân, Ủy ban nhân dân xã {place} thông báo lịch tiếp công dân của Chủ
tịch trong tháng {mo}/{y} như sau: buổi sáng ngày {d} và ngày {d2}, từ {h} giờ 00 phút.
// Địa điểm tại phòng tiếp công dân, trụ sở Ủy ban nhân dân xã. Công dân đến mang theo giấy tờ
tùy thân và đơn nêu rõ nội dung kiến nghị, phản ánh; chấp hành nội quy nơi tiếp công dân.
// Trường hợp đột xuất phải thay đổi lịch, văn phòng sẽ có thông báo sau.""",
        """
Giá lúa gạo ngày {d}/{mo}/{y} ở {place}
// Khảo sát ngày {d}/{mo}/{y} của chợ đầu mối {place}: lúa thường {n}0 đồng/kg, lúa thơm {n2}0
đồng/kg, nếp tươi {m}00 đồng/kg, gạo nguyên liệu 1{k}50 đồng/kg.
// Nông dân chào bán {n} tấn, thương lái đặt cọc {m} phần trăm diện tích, giao dịch {k} ghe mỗi
ngày; cước vận chuyển giữ mức {n2} đồng một bao.
// Thông tin giá chỉ có giá trị tham khảo tại thời điểm khảo sát.""",
        """
Kết quả khám nghĩa vụ quân sự năm {y} xã {place}
// Hội đồng nghĩa vụ quân sự xã {place} công bố kết quả khám sức khỏe năm {y}: có {n} thanh niên
được gọi khám, {m} người đạt loại một, {k} người đạt loại hai, vắng {h} người có lý do.
// Danh sách niêm yết từ ngày {d}/{mo}/{y} tại trụ sở và {k} nhà văn hóa ấp; thời gian nhận đơn
phúc tra là {h2} ngày làm việc. Hội đồng đề nghị gia đình nhắc nhở con em chấp hành.
// Thanh niên không có tên trong danh sách liên hệ Ban Chỉ huy Quân sự xã để đối chiếu.""",
    )
)
"""Forms of serial notices: the heading and the paragraphs, with places for what changes."""


def notice(rng: Random, form: int, place: str) -> Article:
    """Fill in one form of a series: all but place, dates and figures is the same each time."""
    return fill(rng, FORMS[form], place)


def fill(rng: Random, form: Sequence[str], place: str) -> Article:
    """Fill in a form with made-up dates and figures."""
    facts = {
        "d": rng.randint(1, 28),
        "d2": rng.randint(1, 28),
        "mo": rng.randint(1, 12),
        "y": rng.randint(2015, 2025),
        "h": rng.randint(5, 10),
        "h2": rng.randint(11, 17),
        "k": rng.randint(2, 39),
        "m": rng.randint(41, 99),
        "n": rng.randint(101, 499),
        "n2": rng.randint(500, 990),
    }
    head, *body = (line.format(place=place, **facts) for line in form)
    return Article(head, tuple(body))
