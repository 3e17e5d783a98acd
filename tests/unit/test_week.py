from itertools import product

from jit_tools.week import overlap
from jit_tools.windows import WeeklyWindow


def test_overlap_equals_minute_by_minute():
    windows = [
        WeeklyWindow(day, start, start + length)
        for day, start, length in product((0, 1, 6), (0, 480, 1380), (60, 120, 1440))
    ]
    minutes = {
        window: {(window.weekday * 1440 + m) % 10080 for m in range(window.start, window.end)}
        for window in windows
    }
    for one, other in product(windows, repeat=2):
        assert overlap((one,), (other,)) == bool(minutes[one] & minutes[other]), (one, other)


def test_no_window_overlaps_nothing():
    assert not overlap((), (WeeklyWindow(0, 0, 60),))
