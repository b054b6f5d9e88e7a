from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.sums import dong, money


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("tổng kinh phí trên4 tỷ đồng, trị giá 3 tỷ đồng.", ["4 tỷ đồng", "3 tỷ đồng"]),
        ("trao 50 triệu đồng và 50 triệu đồng", ["50 triệu đồng", "50 triệu đồng"]),
        ("giá 50.000 đồng/kg, 500.000đ", ["50.000 đồng", "500.000 đ"]),
        ("1 tỷ 200 triệu đồng", ["1 tỷ 200 triệu đồng"]),
        ("2,5 triệu USD; 1,2 nghìn tỷ đồng", ["2,5 triệu USD", "1,2 nghìn tỷ đồng"]),
        ("từ 3 đến 5 triệu đồng, 250.000 tới hơn 300.000đ",
         ["3 đến 5 triệu đồng", "250.000 tới hơn 300.000 đ"]),
        ("400 triệu đến 1,2 tỷ đồng", ["400 triệu đến 1,2 tỷ đồng"]),
        ("từ 2.000.000 đồng đến 3.000.000 đồng", ["2.000.000 đồng", "3.000.000 đồng"]),
        ("hơn 1,2 tỷ đồng, mỗi suất 500 nghìn đồng", ["1,2 tỷ đồng", "500 nghìn đồng"]),
        ("giảm 800 đồng, còn 412 đồng/lít; 12 đồng/kg; góp 800 đồng", ["800 đồng", "412 đồng"]),
        ("bán 2 tấn, thu 193 triệu.", ["193 triệu"]),
        ("Năm 2021 - 300 triệu đồng", ["300 triệu đồng"]),
        ("1,3 tỷ USD; 82.000 đô la Mỹ; 450 euro", ["1,3 tỷ USD", "82.000 đô la Mỹ", "450 euro"]),
        ("20.000 yên, 3 triệu nhân dân tệ, 500 bảng Anh, 2 tỷ won, 700 CNY",
         ["20.000 yên", "3 triệu nhân dân tệ", "500 bảng Anh", "2 tỷ won", "700 CNY"]),
        ("3 đô thị, 2 bảng đấu, 5 tệ nạn, 2 kíp", []),
        ("từ 3-5 triệu đồng; 30triệu đồng", ["3-5 triệu đồng", "30 triệu đồng"]),
        # without its currency: where a word for money stands before it and nothing counted behind
        ("hỗ trợ 5 tỷ cho hộ nghèo; lãi hơn 300 triệu mỗi năm", ["5 tỷ", "300 triệu"]),
        ("giải Nhất 10 triệu, thiệt hại ước 15-17 tỷ.", ["10 triệu", "15-17 tỷ"]),
        ("nợ 4,8 tỷ và gần 4 tỷ đồng, tăng từ 8 tỷ lên 9 tỷ đồng",
         ["4,8 tỷ", "4 tỷ đồng", "8 tỷ", "9 tỷ đồng"]),
        ("hỗ trợ 5 triệu người, trồng 2 tỷ cây, dân số 98 triệu, thu hút 3 triệu lượt", []),
        ("doanh thu 5 tỷ, bằng 2 triệu USD", ["2 triệu USD"]),
        ("chi 3 tỷ đồng, thu về 5 tỷ; xuất 2 triệu USD", ["3 tỷ đồng", "5 tỷ", "2 triệu USD"]),
        ("doanh thu 5 tỷ, riêng quý I\nnhập 2 triệu USD", ["5 tỷ", "2 triệu USD"]),
        ("5 đồng chí, 15 triệu đồng bào, 20 đồng, 300 đồng hồ, 2 Đồng Tháp", []),
    ],
)  # fmt: skip
def test_sums_of_money(text: str, sums: list[str]) -> None:
    assert list(money(text)) == sums


CURRENCIES = """
đồng đ VNĐ vnd USD đô-la euro EUR yên tệ won baht rúp rupee franc ringgit rupiah peso riel kip
AUD CAD CHF CNY GBP HKD JPY KRW SGD THB
"""


@pytest.mark.parametrize(
    "written",
    [f"3.000 {currency}" for currency in CURRENCIES.split()]
    + [f"500 {scale} {end}" for scale in ("nghìn", "ngàn", "trăm") for end in ("đồng", "USD")]
    + [f"3 {to} 5 {scale}" for to in ("-", "–", "đến", "TỚI") for scale in ("Triệu", "tỷ", "Tỉ")],
)
def test_a_sum_is_seen_whatever_stands_behind_its_first_figure(written: str) -> None:
    assert money(f"trị giá {written}.") == (written,)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("4 tỷ đồng", 4_000_000_000),
        ("1 tỷ 200 triệu đồng", 1_200_000_000),
        ("1,2 nghìn tỷ đồng", 1_200_000_000_000),
        ("50.000 đồng", 50_000),
        ("500.000 đ", 500_000),
        ("3-5 triệu đồng", 3_000_000),
        ("800.000 - 1,2 triệu đồng", 800_000),
        ("500,000 đồng", 500_000),
        ("2,350,000 đồng", 2_350_000),
        ("22,500 - 27,000 đồng", 22_500),
        ("1,250 tỷ đồng", 1_250_000_000),
        ("1 tỷ 200 triệu 500 nghìn đồng", 1_200_500_000),
        ("3 đến 5 triệu đồng", 3_000_000),
        ("400 triệu đến 1,2 tỷ đồng", 400_000_000),
        ("150 triệu đến hơn 300 triệu đồng", 150_000_000),
        ("500 đến 1 triệu đồng", 500_000),
        ("trả 5 tỷ", 5_000_000_000),
        ("trả 15-17 tỷ", 15_000_000_000),
        ("trả 1 tỷ 200 triệu", 1_200_000_000),
        ("99999999999999999999 đồng", None),
        ("10.000.000.000.000 triệu đồng", None),
        ("2,5 triệu USD", None),
        ("3 đến 5 triệu yên", None),
        ("82.000 đô la Mỹ", None),
    ],
)
def test_values_of_money(written: str, value: int | None) -> None:
    (found,) = money(written)
    assert found == written.removeprefix("trả ")
    assert dong(found) == value


def test_a_row_of_figures_is_no_sum() -> None:
    assert money(f"{'1' * 400} đồng, 5{'.000' * 200} tỷ đồng") == ()


def test_a_long_row_of_sums_without_a_currency_is_read_at_once() -> None:
    assert len(money("hỗ trợ 5 tỷ " * 20_000)) <= 20_000


@given(st.text(max_size=120))
def test_any_sum_has_a_value_or_none(text: str) -> None:
    for written in money(f"3 {text} đồng 5.000 {text}"):
        dong(written)
