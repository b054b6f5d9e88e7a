"""Write news articles and serial notices in Vietnamese as communes do: texts to measure on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.dedupe_newsroom import Newsroom, pool, read_forms, with_figures

if TYPE_CHECKING:
    from random import Random

    from bench.dedupe_newsroom import Event


class Communes(Newsroom):
    """The newsrooms of communes, on whose texts the rules were tuned."""

    places = pool("""
Vĩnh Thạnh|Phú Mỹ|Tân Hòa|Long Điền|An Bình|Mỹ Lợi|Thạnh Hóa|Bình Long|Hưng Phú|Đông Thuận
Trung Lương|Khánh Hậu|Nhơn Ái|Phước Tân|Hòa Thuận|Tân Thới|Vĩnh Kim|Lộc Giang|Thới Hưng|Mỹ Quý
Định Môn|Tam Hiệp|Long Thới|Bình Minh|Thanh Mỹ|Hiệp Hòa|Đại Phước|Gia Thuận|An Cư|Phú Hữu
""")
    surnames = pool("Nguyễn|Trần|Lê|Phạm|Huỳnh|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Phan|Trương|Mai")
    middles = pool("Văn|Thị|Hữu|Minh|Quốc|Thanh|Ngọc|Đức|Công|Hoàng|Kim|Xuân|Tấn|Bảo")
    givens = pool("An|Bình|Châu|Dũng|Hà|Hiền|Khoa|Lan|Long|Mai|Nam|Phúc|Quân|Sơn|Tâm|Thảo|Tuấn|Yến")
    bodies = pool("""
Đảng ủy|Ủy ban nhân dân|Hội Nông dân|Hội Liên hiệp Phụ nữ|Đoàn Thanh niên|Hội Cựu chiến binh
Ban Chỉ huy Quân sự|Công an|Trạm Y tế|Ban Dân vận|Mặt trận Tổ quốc|Hội Chữ thập đỏ|Trường Tiểu học
Hội Người cao tuổi|Liên đoàn Lao động|Hợp tác xã Nông nghiệp|Hội Khuyến học|Trung tâm Văn hóa
""")
    _roles = pool("""
Bí thư Đảng ủy|Chủ tịch Ủy ban nhân dân|Phó Chủ tịch Hội đồng nhân dân|Trưởng Ban Dân vận
Chủ tịch Hội Nông dân|Phó Trưởng Công an|Giám đốc Trung tâm Văn hóa|Bí thư Đoàn Thanh niên
Trưởng Trạm Y tế|Hiệu trưởng|Chủ nhiệm Ủy ban Kiểm tra|Chánh Văn phòng
""")
    _acts = pool("""
tổ chức hội nghị sơ kết|phát động phong trào thi đua|ra quân tuyên truyền vận động
trao tặng quà cho|khánh thành và bàn giao|tổ chức lớp tập huấn về|giám sát việc thực hiện
tiếp xúc và đối thoại về|kiểm tra tiến độ|ký kết chương trình phối hợp về|họp mặt nhân kỷ niệm
biểu dương các điển hình trong|lấy ý kiến nhân dân về|triển khai kế hoạch mới cho
thăm hỏi và động viên|tọa đàm trực tuyến quanh|hướng dẫn thủ tục liên quan
rà soát toàn bộ danh sách|vận động nguồn lực dành cho|tổng kết mười năm
""")
    matters = pool("""
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
    _manners = pool("""
với sự tham dự của đông đảo bà con|trong không khí ấm áp nghĩa tình
theo tinh thần chỉ đạo của cấp trên|ngay tại nhà văn hóa ấp|bằng nhiều hình thức phong phú
kết hợp trực tiếp và trực tuyến|đúng tiến độ đã đề ra từ đầu năm|sau nhiều tháng chuẩn bị chu đáo
dưới cơn mưa đầu mùa nặng hạt|với phương châm dân biết dân bàn
nhằm chăm lo cho các gia đình chính sách|trước sự chứng kiến của các ngành
trong khuôn khổ tháng cao điểm|để kịp phục vụ mùa thu hoạch|gắn với việc học tập và làm theo Bác
ở những tuyến đường còn lầy lội|qua hệ thống loa truyền thanh|từ nguồn xã hội hóa hoàn toàn
""")
    _results = pool("""
đã vận động được {n} triệu đồng và {m} ngày công|có {n} hộ thoát nghèo bền vững trong sáu tháng
đạt {p} phần trăm kế hoạch cả năm|xây mới {m} căn nhà và sửa chữa {k} căn khác
giảm {k} vụ việc so với cùng kỳ năm trước|tiếp nhận {n} lượt ý kiến của cử tri
trồng thêm {n} cây xanh dọc hai bên tuyến lộ|cấp {n} thẻ bảo hiểm cho người khó khăn
nâng thu nhập bình quân lên {p} triệu đồng một người|bê tông hóa {k} ki lô mét đường liên ấp
hòa giải thành {k} trong số {m} vụ mâu thuẫn|thu gom gần {m} tấn rác thải nhựa
kết nạp {k} đảng viên mới và giới thiệu {m} quần chúng ưu tú
duy trì {m} tổ tự quản hoạt động đều tay
""")
    _sayings = pool("""
phải lắng nghe dân trước khi ban hành quyết định|mỗi cán bộ cần gần dân hơn nữa
kết quả hôm nay là công sức của cả cộng đồng|khó khăn nhất vẫn là nguồn vốn đối ứng
không để hộ nào bị bỏ lại phía sau|việc nhỏ mà làm đều thì thành phong trào lớn
cần nhân rộng cách làm này sang các ấp bạn|sẽ tháo gỡ dứt điểm trong quý tới
bà con đồng lòng thì việc gì cũng xong|mong các nhà hảo tâm tiếp tục chung tay
trẻ em trong xóm có chỗ vui chơi lành mạnh|thanh niên phải xung kích đi đầu
""")
    _links = pool("""
Bên cạnh đó|Theo báo cáo tại buổi làm việc|Qua khảo sát thực tế|Cũng trong dịp này|Được biết
Trước đó một tuần|Ghi nhận tại hiện trường|Từ nay đến cuối năm|Nhờ sự chung sức của nhân dân
Ở chiều ngược lại|Riêng tại các ấp vùng sâu|Đáng chú ý|Về phía đơn vị đồng hành|Sau phần thảo luận
""")
    synonyms = (
        (" cho rằng ", " nhấn mạnh "),
        (" cùng ", " phối hợp "),
        (" tổ chức ", " tiến hành "),
        (" kể lại chuyện ", " bộc bạch về "),
        ("Bên cạnh đó", "Ngoài ra"),
        ("Đáng chú ý", "Nổi bật"),
    )
    formula = (
        "Thực hiện chủ trương chung, các cơ quan, đơn vị tiếp tục quán triệt sâu rộng đến cán bộ, "
        "đảng viên, đoàn viên, hội viên và nhân dân; nâng cao trách nhiệm người đứng đầu; kịp thời "
        "khen thưởng tập thể, cá nhân làm tốt và chấn chỉnh nơi làm chưa nghiêm túc."
    )
    closes = pool("""
Hoạt động sẽ còn tiếp tục ở những địa bàn còn lại trong tháng sau
Ban tổ chức cảm ơn các tập thể, cá nhân đã đồng hành suốt thời gian qua
Các ý kiến được tổng hợp để báo cáo cấp có thẩm quyền xem xét
Đoàn công tác đã ghi nhận và hứa sẽ trả lời bằng văn bản
Mô hình được đánh giá cao và sẽ giới thiệu tại hội thi cấp huyện
""")
    forms = read_forms(
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
    day = "/"
    paragraphs = (4, 8)
    sentences = (3, 5)

    def title(self, rng: Random, at: Event) -> str:
        """Head an article on the event."""
        act, manner = rng.choice(self._acts), rng.choice(self._manners)
        return rng.choice(
            (
                f"{at.body} {at.place} {act} {at.matter}",
                f"Xã {at.place}: {act.capitalize()} {at.matter}",
                f"{at.matter.capitalize()} {manner}",
            )
        )

    def lead(self, rng: Random, at: Event) -> str:
        """Say when and where it was."""
        return (
            f"{rng.choice(('Sáng', 'Chiều', 'Ngày'))} {at.day}, {at.body} xã {at.place} "
            f"{rng.choice(self._acts)} {at.matter} {rng.choice(self._manners)}."
        )

    def sentence(self, rng: Random, at: Event) -> str:
        """Tell of a body, a figure or what somebody said."""
        result, pick = with_figures(rng, self._results), rng.choice
        other, place = rng.choice(self.bodies), rng.choice(self.places)
        matter, manner = rng.choice(self.matters), rng.choice(self._manners)
        speaker = rng.choice((at.leader, self.person(rng)))
        return rng.choice(
            (
                f"{pick(self._links)}, {other} xã {place} {pick(self._acts)} {matter}.",
                f"{pick(self._links)}, {other} {result} {manner}.",
                f"{pick(self._roles)} {speaker} cho rằng {pick(self._sayings)}.",
                f"Ông {speaker} ở ấp {place} kể lại chuyện {matter} {manner}.",
                f"Riêng {matter} {result}, {manner}.",
                f"{other} và {pick(self.bodies)} cùng {pick(self._acts)} {at.matter} {manner}.",
            )
        )


COMMUNES = Communes()
