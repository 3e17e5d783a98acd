from datetime import datetime

import pytest
from of_tools.tracking.proof_content import ContentError, read_lines, read_values

NOW = datetime(2026, 11, 24, 10)


@pytest.mark.parametrize("reason", [["damaged"], {"id": 1}, 7, True])
def test_a_reason_that_is_no_text(reason):
    with pytest.raises(ContentError, match="reason"):
        read_lines([{"move_id": 1, "delivered": 1, "refused": 1, "reason": reason}])


@pytest.mark.parametrize("quantity", [10**400, float("nan"), float("inf"), True, "1", [1]])
def test_a_quantity_that_is_no_number(quantity):
    with pytest.raises(ContentError, match="delivered"):
        read_lines([{"move_id": 1, "delivered": quantity}])


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "24:00", 7])
def test_a_time_beyond_all_calendars(moment):
    with pytest.raises(ContentError, match="signed_at"):
        read_values({"signer": "A", "signed_at": moment}, NOW)
