from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.dates import LOCAL, event_date, parse_machine, parse_printed
from pipelines.records import Precision

if TYPE_CHECKING:
    from pipelines.clean.dates import Order

DAY, MINUTE = Precision.DAY, Precision.MINUTE


@pytest.mark.parametrize(
    ("printed", "iso", "precision"),
    [
        ("Thứ tư - 12/07/2023 11:46 183 0", "2023-07-12T11:46:00", MINUTE),
        ("Thứ tư - 12/07/2023 11:46", "2023-07-12T11:46:00", MINUTE),
        ("Thứ ba - 12/12/2023 23:02", "2023-12-12T23:02:00", MINUTE),
        ("Thứ 5, Ngày 14/12/2023, 07:00", "2023-12-14T07:00:00", MINUTE),
        ("14/12/2023 | Trung Hiếu", "2023-12-14T00:00:00", DAY),
        ("09/06/2021 - 14:33", "2021-06-09T14:33:00", MINUTE),
        ("04:35 15/03/2016", "2016-03-15T04:35:00", MINUTE),
        ("21/07/2022 | 10:00 AM", "2022-07-21T10:00:00", MINUTE),
        ("21/07/2022 | 12:00 AM", "2022-07-21T00:00:00", DAY),
        ("21/07/2022 | 12:30 PM", "2022-07-21T12:30:00", MINUTE),
        ("01/11/2024 - 09:50", "2024-11-01T09:50:00", MINUTE),
        ("Gửi lúc: 05/12/2013 15:42:27", "2013-12-05T15:42:27", MINUTE),
        ("(14:46 | 13/05/2020)", "2020-05-13T14:46:00", MINUTE),
        ("Được đăng: Thứ ba, 13 Tháng 10 2015 09:10", "2015-10-13T09:10:00", MINUTE),
        ("19/05/2023 1.619 lượt xem", "2023-05-19T00:00:00", DAY),
        ("25/11/2011", "2011-11-25T00:00:00", DAY),
        ("Thứ Năm, 7/11/2024", "2024-11-07T00:00:00", DAY),
        ("Thứ sáu: 15:00 ngày 09/02/2024", "2024-02-09T15:00:00", MINUTE),
        ("21/07/2015 - 21:29", "2015-07-21T21:29:00", MINUTE),
        ("Thứ tư, 11-3-26 01:50:02", "2026-03-11T01:50:02", MINUTE),
        ("Cập nhật ngày: 24/04/2015 05:21:36", "2015-04-24T05:21:36", MINUTE),
        ("Cập nhật: Thứ sáu, 18/10/2019 | 1:36:31 PM", "2019-10-18T13:36:31", MINUTE),
        ("Cập nhật lúc: 18:00 |22/05/2022", "2022-05-22T18:00:00", MINUTE),
        ("25/12/2024 12:58", "2024-12-25T12:58:00", MINUTE),
        ("09/05/2025 3:25 CH", "2025-05-09T15:25:00", MINUTE),
        ("09/05/2025 9:25 SA", "2025-05-09T09:25:00", MINUTE),
        ("24/10/2026 13:47:08", "2026-10-24T13:47:08", MINUTE),
        ("10/09/2026 04:55:35 PM", "2026-09-10T16:55:35", MINUTE),
        ("2015/10/13 09:10", "2015-10-13T09:10:00", MINUTE),
        ("2015/10/13", "2015-10-13T00:00:00", DAY),
        ("Tháng Mười Hai 5, 2023", "2023-12-05T00:00:00", DAY),
        ("12 Tháng Bảy, 2023 3:25 chiều", "2023-07-12T15:25:00", MINUTE),
        ("ngày 12 tháng 7 năm 2023", "2023-07-12T00:00:00", DAY),
        ("14 giờ 33 phút, ngày 12/7/2023", "2023-07-12T14:33:00", MINUTE),
        ("14h33 12.07.2023", "2023-07-12T14:33:00", MINUTE),
        ("11:46 (GMT+7) 12/07/2023", "2023-07-12T11:46:00", MINUTE),
        ("July 12, 2023 10:15 am", "2023-07-12T10:15:00", MINUTE),
        ("5 Th3 2024", "2024-03-05T00:00:00", DAY),
        ("Th3 5, 2024", "2024-03-05T00:00:00", DAY),
        ("05 thg 3, 2024, 14:05", "2024-03-05T14:05:00", MINUTE),
        ("March 5, 2024 at 2:05 pm", "2024-03-05T14:05:00", MINUTE),
        ("Thứ ba, 21/11/2023, 14:30 [GMT+7]", "2023-11-21T14:30:00", MINUTE),
        ("(Ngày đăng: 25-06-2022, lúc 06 giờ 40 phút)", "2022-06-25T06:40:00", MINUTE),
        ("Chủ Nhật, Tháng Mười Một 22, 2026", "2026-11-22T00:00:00", DAY),
        ("Thứ tư ngày 30 tháng 08 năm 2023 09:05", "2023-08-30T09:05:00", MINUTE),
        ("12/07/2023\xa0-\xa011:46", "2023-07-12T11:46:00", MINUTE),
    ],
)
def test_printed_dates(printed: str, iso: str, precision: Precision) -> None:
    found = parse_printed(printed)
    assert found is not None
    assert (found.at.isoformat(), found.precision) == (iso + "+07:00", precision)


@pytest.mark.parametrize(
    ("printed", "order", "iso"),
    [
        ("6/30/2025 10:00 AM", "mdy", "2025-06-30T10:00:00+07:00"),
        ("6/5/2025 10:00 AM", "mdy", "2025-06-05T10:00:00+07:00"),
        ("6/5/2025 10:00 AM", "dmy", "2025-05-06T10:00:00+07:00"),
        ("6/30/2025 10:00 AM", "dmy", None),
        ("31/02/2025", "dmy", None),
        ("Sáng 24/6, Ban Dân vận", "dmy", None),
        ("11-3-26 01:50", "dmy", None),
        ("Kế hoạch 2021-2025", "dmy", None),
        ("12/07/1823", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_the_order_is_the_portals_and_nothing_is_guessed(
    printed: str, order: Order, iso: str | None
) -> None:
    found = parse_printed(printed, order=order)
    assert (found.at.isoformat() if found else None) == iso


def test_a_portals_clock_may_run_in_another_zone() -> None:
    found = parse_printed("15/03/2016 20:35", zone="UTC")
    assert found is not None
    assert found.at.isoformat() == "2016-03-16T03:35:00+07:00"


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2023-07-12T11:46:00+07:00", "2023-07-12T11:46:00", MINUTE),
        ("2022-01-04T18:15+00:00", "2022-01-05T01:15:00", MINUTE),
        ("2023-07-12T04:46:00.000Z", "2023-07-12T11:46:00", MINUTE),
        ("2023-07-12 11:46:00", "2023-07-12T11:46:00", MINUTE),
        ("2023/07/12 11:46:00", "2023-07-12T11:46:00", MINUTE),
        ("2023-07-12T11:46:00+0700", "2023-07-12T11:46:00", MINUTE),
        ("2023-07-12T11:46:00 GMT+7", "2023-07-12T11:46:00", MINUTE),
        ("2023-07-12T04:46:00 UTC", "2023-07-12T11:46:00", MINUTE),
        ("2023-07-12T11:46:00+07:00[Asia/Ho_Chi_Minh]", "2023-07-12T11:46:00", MINUTE),
        ("2020-12-15+0711:41:21", "2020-12-15T11:41:21", MINUTE),
        ("Wed, 12 Jul 2023 04:46:00 +0000", "2023-07-12T11:46:00", MINUTE),
        ("Wed, 12 Jul 2023 04:46:00 GMT", "2023-07-12T11:46:00", MINUTE),
        ("2023-07-12", "2023-07-12T00:00:00", DAY),
        ("2023-07-12T00:00:00", "2023-07-12T00:00:00", DAY),
    ],
)
def test_machine_dates(text: str, iso: str, precision: Precision) -> None:
    found = parse_machine(text)
    assert found is not None
    assert (found.at.isoformat(), found.precision) == (iso + "+07:00", precision)


@pytest.mark.parametrize(
    "text", ["", "hôm qua", "3 giờ trước", "1/8/2026 10:02:01 AM", "2023-13-45", "0001-01-01"]
)
def test_what_is_no_machine_date(text: str) -> None:
    assert parse_machine(text) is None


FORMS = ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%d-%m-%Y - %H:%M", "Thứ hai, ngày %d/%m/%Y, %H:%M",
         "%d/%m/%Y | %I:%M %p", "%d Tháng %m %Y %H:%M")  # fmt: skip


@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001 - as printed: local
    st.sampled_from(FORMS),
)
def test_what_is_printed_is_read_back(at: datetime, form: str) -> None:
    at = at.replace(second=0, microsecond=0)
    found = parse_printed(at.strftime(form))
    assert found is not None
    assert found.at.replace(tzinfo=None) == at
    assert found.precision is (MINUTE if at.hour or at.minute else DAY)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001 - local
def test_machine_dates_round_trip(at: datetime) -> None:
    found = parse_machine(at.replace(microsecond=0).isoformat(), zone=LOCAL)
    assert found is not None
    assert found.at.replace(tzinfo=None) == at.replace(microsecond=0)


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(text: str) -> None:
    parse_printed(text)
    parse_machine(text)
    event_date(text, None, text, text)


@pytest.mark.parametrize(
    ("lead", "published", "day"),
    [
        ("Chiều 24/6, Ban Dân vận ký kết.", date(2022, 6, 25), date(2022, 6, 24)),
        ("Sáng 9-6, Thường trực làm việc.", date(2021, 6, 9), date(2021, 6, 9)),
        ("Sáng 11.7, xã họp.", date(2023, 7, 14), date(2023, 7, 11)),
        ("Chiều 28/12, xã họp.", date(2024, 1, 3), date(2023, 12, 28)),
        ("Ngày 5/1 tới, xã họp.", date(2023, 12, 28), date(2024, 1, 5)),
        ("Trong 2 ngày 12 và 13/7, xã họp.", date(2023, 7, 14), date(2023, 7, 12)),
        ("Từ ngày 10-12/7, xã mở lớp.", date(2023, 7, 14), date(2023, 7, 10)),
        ("Sáng thứ sáu, ngày 7/6, xã họp.", date(2024, 6, 9), date(2024, 6, 7)),
        ("Ngày 21 tháng 12 năm 2020, xã họp.", None, date(2020, 12, 21)),
        ("Từ ngày 17/7 đến ngày 31/7/2023, xã ra quân.", None, date(2023, 7, 17)),
        ("Nhân kỷ niệm ngày 27/7, xã thăm hỏi.", date(2024, 7, 30), None),
        ("Ban hành Quyết định số 5/QĐ-UBND ngày 5/3/2023 về đất.", date(2023, 3, 12), None),
        (
            "Thực hiện Kế hoạch số 71-KH/TU ngày 11/11/2021, sáng 21/12, Thành ủy họp.",
            date(2022, 12, 25),
            date(2022, 12, 21),
        ),
        ("Xã có 24/6 hộ thoát nghèo.", date(2022, 6, 25), None),
        ("Sáng 30/2, xã họp.", date(2022, 6, 25), None),
        ("Đoàn thanh tra hôm 4/3 kết luận", date(2023, 3, 20), date(2023, 3, 4)),
    ],
)
def test_the_events_day_takes_its_year_from_the_publication(
    lead: str, published: date | None, day: date | None
) -> None:
    assert event_date(lead, published, "") == day


@pytest.mark.parametrize(
    ("title", "lead", "url", "day"),
    [
        ("", "Sáng 30/1, xã họp.", "https://x.vn/pages/2023-01-30/a-1.aspx", date(2023, 1, 30)),
        ("", "Chiều 20/12, xã họp.", "https://x.vn/chinh-tri/202112/a-1/", date(2021, 12, 20)),
        ("", "Chiều 20/12, xã họp.", "https://x.vn/hop-nam-2021-77.html", None),
        ("Hội nghị đợt 1 năm 2023", "Sáng 12/7, phường họp.", "", date(2023, 7, 12)),
        ("Tình hình năm 2022", "Chiều 21/12, bàn phương hướng năm 2023.", "", date(2022, 12, 21)),
        ("Tổng kết năm 2022, phương hướng năm 2023", "Sáng 5/1, xã họp.", "", date(2023, 1, 5)),
        ("Tổng kết năm 2022", "Sáng 5/1, xã họp.", "", None),
        ("Triển khai nhiệm vụ năm 2023", "Sáng 20/12, xã họp.", "", None),
        ("Hai xã ký kết", "Chiều 24/6, ký kết giai đoạn 2022-2025.", "", date(2022, 6, 24)),
        ("", "Chiều 24/6, đại hội nhiệm kỳ 2020 - 2025 và năm 2018, năm 2021.", "", None),
        ("Hai xã họp", "Chiều 24/6, hai xã họp.", "", None),
    ],
)  # fmt: skip
def test_without_publication_the_opening_must_leave_no_choice(
    title: str, lead: str, url: str, day: date | None
) -> None:
    assert event_date(lead, None, url, title) == day
