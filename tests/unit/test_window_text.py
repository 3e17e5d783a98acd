from datetime import datetime

import pytest
from of_tools.tracking.local_day import end_of_local_day
from of_tools.tracking.window_text import window_text

NINE, ELEVEN = datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 11)


@pytest.mark.parametrize(
    ("start", "end", "tz", "whole_day", "locale", "text"),
    [
        (NINE, ELEVEN, "Europe/Berlin", False, "en_US", "Tue 24 Nov 10–12"),
        (NINE, ELEVEN, "Europe/Berlin", False, "de_DE", "Di 24 Nov 10–12"),
        (NINE, ELEVEN, "Asia/Kolkata", False, "en_US", "Tue 24 Nov 14:30–16:30"),
        (None, ELEVEN, "UTC", False, "en_US", "Tue 24 Nov 11:00"),
        (None, ELEVEN, "UTC", True, "en_US", "Tue 24 Nov"),
        (NINE, datetime(2026, 11, 25, 11), "UTC", False, "en_US", "Tue 24 Nov 09:00 – Wed 25 Nov 11:00"),
    ],
)
def test_window_text(start, end, tz, whole_day, locale, text):
    assert window_text(start, end, tz, whole_day=whole_day, locale=locale) == text


@pytest.mark.parametrize(
    ("moment", "tz", "end"),
    [
        (datetime(2026, 11, 24, 23, 30), "Europe/Berlin", datetime(2026, 11, 25, 22, 59, 59)),
        (datetime(2026, 3, 28, 23, 30), "Europe/Berlin", datetime(2026, 3, 29, 21, 59, 59)),  # 23 hours
        (datetime(2026, 10, 25, 12, 0), "Europe/Berlin", datetime(2026, 10, 25, 22, 59, 59)),  # 25 hours
        (datetime(2026, 11, 24, 12, 0), "Pacific/Auckland", datetime(2026, 11, 25, 10, 59, 59)),
    ],
)
def test_end_of_local_day(moment, tz, end):
    assert end_of_local_day(moment, tz) == end
