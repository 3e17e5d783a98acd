from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .support_cure_common import CureCase


@tagged("post_install", "-at_install")
class TestKnowledge(CureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.symptom = cls.env["after.sales.symptom"].create({"name": "Does not charge"})
        cls.cause = cls.env["after.sales.cause"].create({"name": "Loose plug"})

    def _ticket(self, serial, **values):
        return self.env["after.sales.ticket"].create(
            {
                "subject": "x",
                "partner_id": self.customer.id,
                "lot_id": serial.id,
                "product_id": self.bike.id,
                "sale_line_id": self.bike_line.id,
                "picking_id": self.delivery.id,
                **values,
            }
        )

    def _solved(self, **values):
        ticket = self._ticket(self.serials[0], solution="Push the plug in.", **values)
        for step in ("in_progress", "solved"):
            ticket._move_to(step)
        return ticket

    def test_solved_tickets_propose_themselves(self):
        solved = self._solved(symptom_id=self.symptom.id, cause_id=self.cause.id)
        self._solved(product_id=self.chain.id, lot_id=False)
        ticket = self._ticket(self.serials[1], symptom_id=self.symptom.id)
        self.assertEqual(ticket.similar_ids, solved)
        solved.with_context(for_ticket_id=ticket.id).action_use_solution()
        self.assertEqual((ticket.solution, ticket.cause_id), ("Push the plug in.", self.cause))
        with self.assertRaisesRegex(UserError, "OF-KNW-001"):
            solved.with_context(for_ticket_id=ticket.id).action_use_solution()

    def test_prepared_answers_fit_and_are_safe(self):
        fitting = {"is_for_tickets": True, "ticket_symptom_ids": [Command.link(self.symptom.id)]}
        answer = self.env["mail.canned.response"].create(
            {"source": "plug", "substitution": "Dear {customer}, <b>push</b> it.", **fitting}
        )
        ticket = self._ticket(self.serials[0], symptom_id=self.symptom.id)
        self.assertIn(answer, ticket.prepared_answer_ids)
        self.assertNotIn(answer, self._ticket(self.serials[0]).prepared_answer_ids)
        action = answer.with_context(for_ticket_id=ticket.id).action_answer_ticket()
        self.assertIn("Velo Test GmbH", action["context"]["default_body"])
        self.assertNotIn("<b>", action["context"]["default_body"])

    def test_pareto_equals_a_count(self):
        for _number in range(3):
            self._ticket(self.serials[0], cause_id=self.cause.id)
        self._ticket(self.serials[1])
        self.env.flush_all()
        rows = self.env["after.sales.pareto"].get_pareto("lot")
        mine = {row["value"]: row for row in rows if row["value"] in ("SN1", "SN2")}
        self.assertEqual({name: row["tickets"] for name, row in mine.items()}, {"SN1": 3, "SN2": 1})
        self.assertAlmostEqual(rows[-1]["percent_so_far"], 100)
        with self.assertRaisesRegex(UserError, "OF-KNW-003"):
            self.env["after.sales.pareto"].get_pareto("weather")
        for given in (("lot", "nonsense"), ("lot", 5), ("lot", "2026-13-01"), ("lot", None, None, "x")):
            with self.subTest(given), self.assertRaisesRegex(UserError, "OF-KNW-004"):
                self.env["after.sales.pareto"].get_pareto(*given)

    def test_every_dimension_answers(self):
        self._ticket(self.serials[0], cause_id=self.cause.id)
        self.env.flush_all()
        found = self.env["after.sales.pareto"].search([]).mapped("dimension")
        self.assertGreaterEqual(set(found), {"product", "lot", "cause"})
