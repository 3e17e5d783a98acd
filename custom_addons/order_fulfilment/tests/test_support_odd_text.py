from odoo.exceptions import UserError
from odoo.tests import tagged

from .support_common import SupportCase

HALF = "\ud800"  # of a character: JSON can say it, neither the database nor an answer can


@tagged("post_install", "-at_install")
class TestOddText(SupportCase):
    """Halves of characters are left out or refused, and no refusal repeats them."""

    def _refused(self, code, method, *args):
        with self.assertRaisesRegex(UserError, code) as caught:
            method(*args)
        str(caught.exception).encode()

    def test_ticket_of_halves(self):
        texts = dict.fromkeys(("category", "customer", "phone", "reference", "product"), HALF)
        answer = self.tickets.open_ticket({"subject": f"Noise{HALF}", **texts}, "odd-1")
        self.assertEqual(answer["subject"], "Noise")

    def test_refusals(self):
        self._refused("OF-TKT-400", self.tickets.open_ticket, {"subject": "Noise"}, f"k{HALF}")
        self._refused("OF-TKT-410", self.tickets.open_ticket, {"subject": "Noise", HALF: 1}, "odd-2")
        self._refused("OF-TKT-404", self.tickets.ticket_state, f"T{HALF}")
        self._refused("OF-ACC-001", self.env["fulfilment.accrual"].get_open_at, HALF)
        self._refused("OF-SVC-001", self.env["fulfilment.service.sheet"].get_figures, HALF)
        drop = self._deliver_serial("SN-9001")[1].picking_ids
        register = self.env["delivery.proof"].register
        self._refused("OF-POD-007", register, "odd-3", drop.id, {"signer": "W", HALF: 1})
        self._refused("OF-POD-008", register, "odd-4", drop.id, {"signer": "W"}, [{"move_id": HALF}])
