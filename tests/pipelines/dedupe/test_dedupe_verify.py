"""One pair of texts: what the arriving one is to the stored one."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dedupe.verify import Text, compare, within_story

BODY = """
Sáng 5/3, Ủy ban nhân dân xã Tân Hòa tổ chức lễ khánh thành cầu dân sinh bắc qua kênh Ba, công
trình do bà con hai bên bờ góp công xây dựng suốt bốn tháng qua.
// Cầu dài 42 mét, rộng 3,5 mét, tổng kinh phí 1,2 tỷ đồng, trong đó mạnh thường quân ủng hộ 800
triệu đồng, phần còn lại do 215 hộ dân trong ấp đóng góp và hiến hơn 600 mét vuông đất.
// Ông Lê Văn Bảy, người hiến đất nhiều nhất, vui mừng cho biết từ nay học sinh không còn phải qua
đò mỗi sáng, nông sản chở ra chợ cũng nhanh hơn trước rất nhiều.
// Dịp này, xã trao giấy khen cho 12 tập thể, cá nhân có nhiều đóng góp cho công trình.
"""
STORED = Text(
    "Xã Tân Hòa khánh thành cầu dân sinh",
    tuple(" ".join(line.split()) for line in BODY.split("//")),
)
PASSAGE = (
    "Trong năm nay, địa phương dự kiến khởi công thêm ba cây cầu ở các ấp vùng sâu, ưu tiên những "
    "nơi học sinh còn phải đi đò, nguồn vốn tiếp tục vận động từ kiều bào và doanh nghiệp."
)
TIMETABLE = (
    "Ủy ban nhân dân xã Tân Hòa tiếp công dân tại trụ sở vào các buổi sáng thứ năm hằng tuần.",
    "Công dân mang theo giấy tờ tùy thân, chấp hành nội quy và sự hướng dẫn của cán bộ tiếp dân.",
)


def _each(old: str, new: str) -> Text:
    return Text(STORED.title, tuple(line.replace(old, new) for line in STORED.body))


def _body(*body: str) -> Text:
    return replace(STORED, body=body)


@pytest.mark.parametrize(
    ("arriving", "kind"),
    [
        pytest.param(STORED, "identical", id="word for word"),
        pytest.param(_each("òa", "oà"), "identical", id="tone placement"),
        pytest.param(
            _body(*(unicodedata.normalize("NFD", line) for line in STORED.body)),
            "identical",
            id="composition",
        ),
        pytest.param(_each(", ", " - "), "identical", id="punctuation"),
        pytest.param(
            _body(f"(TTXVN) - {STORED.body[0]}", *STORED.body[1:]), "republished", id="dateline"
        ),
        pytest.param(replace(STORED, mark="Báo Tân Hòa"), "republished", id="source named"),
        pytest.param(_body(*STORED.body, "Lượt xem: 1.204"), "identical", id="page counter"),
        pytest.param(
            replace(STORED, title="Nhịp cầu nối đôi bờ kênh Ba"), "republished", id="new title"
        ),
        pytest.param(_body(*STORED.body, "Theo Báo Tân Hòa"), "republished", id="byline"),
        pytest.param(
            _body(f"Ban Dân vận: {STORED.body[0]}", *STORED.body[1:]),
            "republished",
            id="unknown dateline",
        ),
        pytest.param(_body(*STORED.body[:2]), "excerpt", id="first half"),
        pytest.param(_body(*STORED.body[:3]), "excerpt", id="last paragraph cut"),
        pytest.param(_body(*STORED.body, PASSAGE), "extended", id="paragraph added"),
        pytest.param(_each("vui mừng cho biết", "phấn khởi nói"), "revised", id="words edited"),
        pytest.param(
            _body(STORED.body[0], PASSAGE, *STORED.body[2:]), "related", id="passage replaced"
        ),
    ],
)
def test_kind(arriving: Text, kind: str) -> None:
    assert compare(arriving, STORED).kind == kind


@pytest.mark.parametrize(
    ("mark", "line", "kind"),
    [
        ("TTXVN", "(TTXVN) - ", "identical"),
        ("ttxvn", "TTXVN – ", "identical"),
        ("TUAG", "(TTXVN) - ", "republished"),
        ("", "", "republished"),
    ],
)
def test_one_mark_stands_beside_the_text_or_in_it(mark: str, line: str, kind: str) -> None:
    printed = _body(f"{line}{STORED.body[0]}", *STORED.body[1:])
    assert compare(replace(STORED, mark="TTXVN"), replace(printed, mark=mark)).kind == kind


FULL, BRIEF = _body(*STORED.body, PASSAGE), _body(*STORED.body[:2])


@pytest.mark.parametrize(
    ("member", "first", "kind"),
    [
        pytest.param(STORED, STORED, "identical", id="word for word"),
        pytest.param(BRIEF, FULL, "excerpt", id="brief of the full text"),
        pytest.param(FULL, BRIEF, "extended", id="more than a join allows"),
        pytest.param(_body(PASSAGE), BRIEF, "revised", id="two parts of one text"),
    ],
)
def test_what_a_member_of_a_story_is_to_the_first(member: Text, first: Text, kind: str) -> None:
    assert within_story(member, first).kind == kind


def _figures(*changes: tuple[str, str]) -> Text:
    text = STORED
    for old, new in changes:
        text = replace(text, body=tuple(line.replace(old, new) for line in text.body))
    return text


SEEKS = (
    "lái xe cho đội vận tải đường dài, có sức khỏe tốt, chịu đi sớm về khuya",
    "kế toán có chứng chỉ hành nghề, thạo phần mềm, sổ sách rõ ràng ngăn nắp",
)
VACANCIES = [
    Text(f"Tuyển dụng vị trí {at}", (*STORED.body, f"Chúng tôi cần tìm một {seeks}.", *TIMETABLE))
    for at, seeks in zip(("lái xe", "kế toán"), SEEKS, strict=True)
]

OTHER_NEWS = """
Chuyến đò cuối cùng qua kênh Ba đã cập bến vào chiều hôm qua, khép lại hơn sáu mươi năm người dân
hai ấp qua lại bằng chiếc xuồng nhỏ của gia đình ông Út Lành. Bến đò này từng được đưa vào danh sách
phải dừng hoạt động vì không bảo đảm an toàn trong mùa nước nổi, nhưng không có lối đi nào khác.
"""
LATER = Text("Tân Hòa xóa bến đò cuối cùng", (" ".join(OTHER_NEWS.split()), PASSAGE, *STORED.body))


@pytest.mark.parametrize(
    ("arriving", "stored", "reason"),
    [
        pytest.param(
            _figures(("42", "36"), ("215", "188"), ("800", "650")),
            STORED,
            "veto.figures",
            id="the same form, other figures",
        ),
        pytest.param(
            Text("Lịch tiếp công dân tháng 4/2023", TIMETABLE),
            Text("Lịch tiếp công dân tháng 3/2023", TIMETABLE),
            "veto.title_figures",
            id="next month of a series",
        ),
        pytest.param(
            Text(
                STORED.title, (_figures(("Tân Hòa", "Phú Mỹ"), ("Lê Văn Bảy", "Hồ Thị Mai")).body)
            ),
            STORED,
            "veto.names",
            id="the same form, other commune and people",
        ),
        pytest.param(*VACANCIES, "veto.title_and_passages", id="one form filled in twice"),
        pytest.param(LATER, STORED, "veto.title_and_opening", id="below other news, word for word"),
    ],
)
def test_veto(arriving: Text, stored: Text, reason: str) -> None:
    for verdict in (compare(arriving, stored), compare(stored, arriving)):
        assert verdict.kind == "related"
        assert verdict.reason == reason


@pytest.mark.parametrize(
    "arriving",
    [
        pytest.param(_figures(("42", "43")), id="one figure corrected"),
        pytest.param(replace(STORED, title="Khánh thành cây cầu thứ 9"), id="figure in one title"),
        pytest.param(_body(PASSAGE, *STORED.body), id="another opening, the same title"),
    ],
)
def test_no_veto(arriving: Text) -> None:
    assert compare(arriving, STORED).joins


def test_figures_written_otherwise_are_the_same() -> None:
    stored = _body(
        *STORED.body, "Công trình hoàn thành ngày 09/06/2022 với 12.362 ngày công lao động."
    )
    arriving = _body(
        *STORED.body, "Công trình hoàn thành ngày 9-6-2022 với 12362 ngày công lao động."
    )
    assert compare(arriving, stored).joins


def test_one_title_is_no_evidence() -> None:
    other = replace(STORED, body=(PASSAGE, "Các sở ngành đã khảo sát tuyến kênh trong tuần qua."))
    assert compare(other, STORED).kind == "different"


@pytest.mark.parametrize("empty", [Text("", ()), Text("Thông báo", ()), Text("", ("...",))])
def test_empty_texts(empty: Text) -> None:
    assert compare(empty, STORED).kind == "different"
    assert compare(STORED, empty).kind == "different"


WORDS = st.lists(st.sampled_from(["dân", "vận", "khéo", "xã", "ấp", "cầu", "5", "12"]), max_size=60)
TEXTS = st.builds(lambda title, body: Text(" ".join(title), (" ".join(body),)), WORDS, WORDS)


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_bounds_and_symmetry(one: Text, other: Text) -> None:
    there, back = compare(one, other), compare(other, one)
    assert 0 <= there.similarity <= 1
    assert (there.kind == "identical") == (back.kind == "identical")
    assert there.similarity == back.similarity
    assert compare(one, one).kind == "identical"
