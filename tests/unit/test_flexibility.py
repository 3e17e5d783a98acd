from jit_tools.flexibility import Change, Fence, fence_for, flexibility_ratio, met_share

FENCES = [Fence(20, 50, 50), Fence(5, 0, 0), Fence(10, 20, 10)]


def test_before_all_fences_the_agreement_itself_counts():
    assert fence_for(FENCES, 20) is None


def test_a_fence_begins_inside_its_days():
    assert fence_for(FENCES, 19) == Fence(20, 50, 50)
    assert fence_for(FENCES, 10) == Fence(20, 50, 50)
    assert fence_for(FENCES, 9) == Fence(10, 20, 10)


def test_the_innermost_fence_counts():
    assert fence_for(FENCES, 0) == Fence(5, 0, 0)
    assert fence_for(FENCES, -3) == Fence(5, 0, 0)


def test_without_fences():
    assert fence_for([], 0) is None


def test_ratio_is_of_quantities_not_of_requests():
    changes = [Change(10, 20, 20), Change(10, 12, 10), Change(100, 60, 60)]
    assert flexibility_ratio(changes) == 50 / 52
    assert [met_share(change) for change in changes] == [1.0, 0.0, 1.0]


def test_nothing_asked_has_no_ratio():
    assert flexibility_ratio([]) is None
    assert flexibility_ratio([Change(5, 5, 5)]) is None
    assert met_share(Change(5, 5, 5)) == 1.0
