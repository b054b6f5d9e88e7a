"""Write the texts on which nothing is tuned: other newsrooms, subjects, sentences and forms.

No phrase, form or place is also in ``dedupe_articles``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.dedupe_newsroom import Newsroom, pool, read_forms, with_figures

if TYPE_CHECKING:
    from random import Random

    from bench.dedupe_newsroom import Event


class Bulletins(Newsroom):
    """The newsrooms of papers and offices, whose texts the rules were never tuned on."""

    places = pool("""
Cẩm Lĩnh|Nghi Xuân|Quảng Thọ|Diễn Lâm|Đắk Sin|Ea Kly|Krông Bông|Mường Lát|Nậm Pồ|Sơn Kim|Thạch Bằng
Hải Lăng|Triệu Đông|Gio Mai|Lộc Thủy|Phong Điền|Vinh Hiền|Đại Lãnh|Cam Phước|Xuân Sơn|Hàm Cường
Bắc Bình|La Gi|Đa Kao|Mê Linh|Yên Nghĩa|Tam Điệp|Giao Thiện|Nghĩa Lạc|Thụy Xuân|Tiền Phong
""")
    surnames = pool("Vũ|Hoàng|Đinh|Tạ|Cao|Lương|Mạc|Thái|Châu|Tôn|Quách|Kiều|La|Nông|Vi|Lò")
    middles = pool("Đình|Thúy|Bá|Duy|Hải|Mạnh|Khánh|Diệu|Trọng|Phương|Anh|Việt|Thu|Tiến")
    givens = pool("Cường|Giang|Hạnh|Huy|Kiên|Liên|Nga|Nhung|Oanh|Quyết|Thắng|Thủy|Toàn|Vinh|Vy|Đạt")
    bodies = pool("""
Sở Công Thương|Chi cục Thủy lợi|Bệnh viện Đa khoa|Trường Đại học Sư phạm|Cục Hải quan
Công ty Cấp nước|Hạt Kiểm lâm|Trung tâm Khuyến nông|Ban Quản lý cảng cá|Đồn Biên phòng
Viện Nghiên cứu Cây ăn quả|Nhà máy thủy điện|Hiệp hội Du lịch|Bảo tàng tỉnh|Ngân hàng Chính sách
Ga đường sắt|Đội Quản lý thị trường|Trung tâm Dự báo khí tượng|Thư viện huyện|Câu lạc bộ Bóng đá
""")
    _acts = pool("""
đưa vào vận hành thử|công bố báo cáo khảo sát|mở rộng diện tích|tạm dừng cấp phép|nghiệm thu
cảnh báo nguy cơ đối với|phát hiện sai phạm ở|kêu gọi đầu tư vào|đấu thầu lại|khôi phục
số hóa toàn bộ hồ sơ của|kéo dài thời hạn|thí điểm cho thuê|bàn giao mặt bằng cho
tuyển thêm lao động cho
điều chỉnh quy hoạch|xuất lô hàng đầu tiên của|lắp thiết bị quan trắc cho|tiếp nhận tài trợ dành cho
đặt mục tiêu hoàn thành|chấn chỉnh tình trạng chậm trễ ở|xếp hạng|ghi hình phóng sự về
""")
    matters = pool("""
tuyến cao tốc ven biển|kho lạnh bảo quản thủy sản|mạng lưới trạm sạc xe điện|vườn sâm dưới tán rừng
bến xe khách trung tâm|làng nghề gốm trăm tuổi|khu bảo tồn voọc chà vá|hồ chứa nước thượng nguồn
giải chạy bán ma-ra-tông|phòng xét nghiệm sinh học phân tử|chương trình tiêm vắc-xin phế cầu
đội tàu câu cá ngừ đại dương|cánh đồng muối sạch|nhà máy xử lý rác phát điện
phần mềm bệnh án điện tử
chuỗi cửa hàng trái cây hữu cơ|lễ hội đua ghe ngo|tuyến phố đi bộ ven sông|xưởng may gia công
đường sắt răng cưa|trại giống tôm chân trắng|khu ký túc xá sinh viên|bảo hiểm tàu thuyền
lò giết mổ tập trung|cụm tháp Chăm cổ|vùng nguyên liệu mía|hệ thống đèn chiếu sáng thông minh
""")
    _where = pool("""
sau gần hai năm đội vốn|giữa lúc giá nguyên liệu leo thang|vì vướng thủ tục đất đai
bất chấp đợt nắng nóng kỷ lục|theo mô hình đối tác công tư|bằng vốn vay ưu đãi của nước ngoài
trước thềm mùa du lịch|trong bối cảnh thiếu nhân lực tay nghề cao
khi sức mua trên thị trường chững lại
nhờ một sáng kiến của kỹ sư trẻ|dọc hành lang kinh tế phía tây|tại vùng lõi di sản
ngoài giờ hành chính|ngay sau kỳ nghỉ lễ dài ngày|dưới sự giám sát của kiểm toán độc lập
cho thị trường Trung Đông|ở độ cao hơn nghìn mét|với công suất gấp đôi thiết kế ban đầu
""")
    _facts = pool("""
doanh thu ước đạt {n} tỷ đồng|lượng khách tăng {p} phần trăm|còn {k} hạng mục chưa quyết toán
có {n} chuyến hàng thông quan|mực nước thấp hơn báo động hai là {k} xăng ti mét
{m} bệnh nhân được ghép giác mạc|tỷ lệ lấp đầy mới khoảng {p} phần trăm
chi phí mỗi héc ta hết {m} triệu
thu giữ {n} sản phẩm không nhãn mác|tổng mức đầu tư điều chỉnh còn {n} tỷ
{k} tàu cá được lắp định vị
thí sinh đăng ký lên tới {n} em|năng suất bình quân {m} tạ|xử phạt {k} cơ sở với số tiền {n} triệu
độ mặn đo được {k} phần nghìn|{n} hiện vật đã được phục chế
""")
    _views = pool("""
bài toán lớn nhất là đầu ra|làm nhanh nhưng không được ẩu|người tiêu dùng sẽ là trọng tài
nếu chậm thêm một mùa nữa thì lỗ nặng|con số ấy chưa phản ánh hết thực tế|công nghệ chỉ là công cụ
phải minh bạch từ khâu đấu thầu|thợ giỏi bây giờ hiếm hơn máy móc|đây mới chỉ là bước thử nghiệm
doanh nghiệp cần một hành lang pháp lý rõ ràng|khách đến một lần mà quay lại mới đáng kể
bảo tồn và mưu sinh không nhất thiết đối đầu|chưa thể nói trước điều gì
""")
    _turns = pool("""
Trao đổi với phóng viên|Số liệu vừa công bố cho thấy|Tuy vậy|Ít ai ngờ rằng|Mặt khác
Tính đến cuối tuần qua|Theo hợp đồng đã ký|Một chuyên gia phân tích|Hồi đầu năm
Câu chuyện bắt đầu khi
Không dừng ở đó|Trả lời chất vấn|Đối chiếu với cùng kỳ|Từ thực địa|Song song với việc này
""")
    _jobs = pool("""
Giám đốc Sở|Tiến sĩ|Kỹ sư trưởng|Chủ doanh nghiệp|Bác sĩ|Thuyền trưởng|Nghệ nhân
Trưởng phòng Kế hoạch|Huấn luyện viên|Nhà nghiên cứu|Trưởng trạm|Phó Cục trưởng|Luật sư
""")
    closes = pool("""
Phần còn lại của dự án dự kiến khởi công vào quý sau
Kết luận cuối cùng sẽ được công bố khi có ý kiến của bộ chủ quản
Tòa soạn sẽ tiếp tục thông tin về vụ việc
Vòng kế tiếp diễn ra ở một tỉnh khác
Nhiều hộ kinh doanh quanh đó đang chờ câu trả lời
""")
    synonyms = (
        (" cho hay ", " chia sẻ "),
        (" gần ", " xấp xỉ "),
        (" hiện ", " đến nay "),
        (" nhận định ", " đánh giá "),
        ("Tuy vậy", "Thế nhưng"),
        ("Mặt khác", "Ở khía cạnh khác"),
    )
    formula = (
        "Mọi hành vi sao chép, phát tán tài liệu này khi chưa được đơn vị ban hành đồng ý bằng văn "
        "bản đều bị xử lý theo quy định hiện hành; tổ chức, cá nhân phát hiện vi phạm đề nghị phản "
        "ánh qua cổng dịch vụ công hoặc đến trực tiếp bộ phận một cửa trong giờ làm việc."
    )
    forms = read_forms(
        """
Dự báo thời tiết biển vùng {place} đêm {d} ngày {d2}-{mo}-{y}
// Đài khí tượng {place} dự báo vùng biển trong đêm {d} và ngày {d2}-{mo}-{y}: gió đông bắc cấp {h},
giật cấp {h2}, sóng cao {k},{m} mét, tầm nhìn xa trên {h} ki lô mét.
// Nhiệt độ thấp nhất {k} độ, cao nhất {m} độ, độ ẩm {m} phần trăm; triều lên lúc {h} giờ 20 phút và
xuống lúc {h2} giờ 50 phút. Tàu thuyền hoạt động trong khu vực cần đề phòng dông lốc.
// Bản tin tiếp theo được phát trên hệ thống đài thông tin duyên hải.""",
        """
Kết quả quay thưởng xổ số kiến thiết {place} kỳ vé {n}{k}, ngày {d}-{mo}-{y}
// Hội đồng giám sát xổ số {place} xác nhận kết quả mở thưởng ngày {d}-{mo}-{y}: giải đặc biệt
{n}{m}{k}, giải nhất {n2}{k}{h}, giải nhì {m}{n}{h2}, giải ba {n2}{n}{k}{m}.
// Vé trúng thưởng được lĩnh tại trụ sở công ty trong {k} ngày; vé rách rời, chắp vá, tẩy xóa không
có giá trị lĩnh thưởng. Kỳ này phát hành {n} nghìn vé, tiêu thụ {m} phần trăm.
// Người chơi đối chiếu kết quả trên bảng niêm yết của đại lý.""",
        """
Thông báo tuyển sinh lớp nghề ngắn hạn đợt {k} năm {y} tại {place}
// Trung tâm Giáo dục nghề nghiệp {place} tuyển {n} học viên các lớp hàn, điện lạnh, pha chế, mỗi
lớp không quá {m} người, học phí {n2} nghìn đồng một tháng, khai giảng ngày {d}-{mo}-{y}.
// Hồ sơ gồm đơn đăng ký, bản sao bằng tốt nghiệp, giấy khám sức khỏe và {h} ảnh cỡ ba nhân bốn;
nhận từ {h} giờ đến {h2} giờ các ngày làm việc đến hết ngày {d2}-{mo}.
// Học viên thuộc diện chính sách được hỗ trợ tiền ăn và đi lại.""",
        """
Bảng giá đất tái định cư khu {place} áp dụng từ {d}-{mo}-{y}
// Ban bồi thường khu {place} niêm yết giá đất áp dụng từ {d}-{mo}-{y}: lô góc {n} triệu đồng một
nền, lô trong hẻm {n2} triệu đồng, diện tích {m} mét vuông, tổng cộng {k} lô.
// Hộ đủ điều kiện bốc thăm lúc {h} giờ ngày {d2}-{mo}, nộp trước {m} phần trăm tiền sử dụng đất
trong vòng {h2} ngày; quá hạn coi như từ bỏ quyền lựa chọn vị trí.
// Thắc mắc về đơn giá được giải đáp tại phòng tiếp dân của ban.""",
    )
    day = "-"
    paragraphs = (3, 9)
    sentences = (2, 6)

    def title(self, rng: Random, at: Event) -> str:
        """Head an article on the event."""
        act, where = rng.choice(self._acts), rng.choice(self._where)
        return rng.choice(
            (
                f"{at.body} {act} {at.matter} {where}",
                f"{at.place}: {at.matter} {where}",
                f"Vì sao {at.body} {act} {at.matter}?",
            )
        )

    def lead(self, rng: Random, at: Event) -> str:
        """Say what was done, with a figure."""
        return (
            f"{at.body} {at.place} hôm {at.day} {rng.choice(self._acts)} {at.matter} "
            f"{rng.choice(self._where)}, {self._fact(rng)}."
        )

    def sentence(self, rng: Random, at: Event) -> str:
        """Tell of a matter, a figure or what somebody said."""
        other, place = rng.choice(self.bodies), rng.choice(self.places)
        matter, where = rng.choice(self.matters), rng.choice(self._where)
        speaker, pick = rng.choice((at.leader, self.person(rng))), rng.choice
        return rng.choice(
            (
                f"{pick(self._turns)}, {matter} ở {place} {where} khiến {self._fact(rng)}.",
                f"“{pick(self._views).capitalize()}”, {pick(self._jobs)} {speaker} cho hay.",
                f"{other} {place} hiện {pick(self._acts)} {matter}, {self._fact(rng)}.",
                f"Với {at.matter}, {self._fact(rng)} {where}.",
                f"{pick(self._turns)}, {other} {place} nhận định {pick(self._views)}.",
                f"Gia đình {speaker} ({place}) gắn bó với {matter} {where}.",
            )
        )

    def _fact(self, rng: Random) -> str:
        return with_figures(rng, self._facts)


BULLETINS = Bulletins()
