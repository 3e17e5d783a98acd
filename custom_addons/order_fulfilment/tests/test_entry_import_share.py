from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_entry_import import OrderImportCase


@tagged("post_install", "-at_install")
class TestImportShare(OrderImportCase):
    """What changes, and what does not, when two jobs create the orders of a run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile.write({"unknown_customer": "create", "unknown_product": "create"})
        cls._jobs("2")
        cls.rows = [
            ("1", "NEW-1", "A chain", 2, "2026-11-23", 9.5, "N-1", ""),
            ("2", "NEW-2", "A chain", 0, "2026-11-23", 9.5, "N-2", ""),
            ("3", "NEW-3", "A chain", 2.0001, "2026-11-23", 9.5, "N-3", ""),
            ("4", "NEW-1", "A chain", 1, "2026-11-23", 9.5, "N-1", ""),
        ]

    @classmethod
    def _jobs(cls, number):
        cls.env["ir.config_parameter"].set_param("order_fulfilment.import_jobs", number)

    def _created(self):
        products = self.env["product.product"].search([("default_code", "=like", "NEW-%")])
        partners = self.env["res.partner"].search([("ref", "=like", "N-%")])
        return sorted(products.mapped("default_code") + partners.mapped("ref"))

    def _begun(self, rows):
        """A run at the beginning of its orders, as the job leaves it at a checkpoint."""
        with patch.object(type(self.env["order.import"]), "_run_now_or_later", lambda run: None):
            run = self.env["order.import"].browse(self._import(rows)["id"])
        run._move_to("in_progress")
        run._phase_read(lambda: None)
        run._phase_prepare(lambda: None)
        return run

    def test_verdict_is_that_of_one_job(self):
        shared = self._import(self.rows)
        self._orders().unlink()
        self._jobs("1")
        alone = self._import(self.rows, name="again.xlsx")
        self.assertEqual(self._codes(shared), self._codes(alone))
        self.assertEqual(shared["counts"], alone["counts"])
        self.assertEqual(self._codes(shared), [("2", 3, "OF-IMP-034"), ("3", 4, "OF-IMP-047")])

    def test_only_orders_that_can_be_accepted_bring_customers_and_products(self):
        self._begun(self.rows)
        self.assertEqual(self._created(), ["N-1", "NEW-1"])

    def test_what_was_created_for_a_refused_order_is_taken_back(self):
        sales = type(self.env["sale.order"])
        create = sales.create

        def refuse_order_1(model, vals_list):
            if any(vals["import_key"] == "1" for vals in vals_list):
                raise UserError("No.")  # pylint: disable=translation-required
            return create(model, vals_list)

        rows = [self.rows[0], (*self._row("9")[:6], "N-9", "")]
        with patch.object(sales, "create", refuse_order_1):
            answer = self._import(rows)
        self.assertEqual(self._codes(answer), [("1", 2, "OF-IMP-059")])
        self.assertEqual(self._created(), ["N-9"])

    def test_helper_creates_what_waits_and_leaves_the_rest_to_the_job(self):
        run = self._begun(self.rows)
        self.assertTrue(run._help())
        self.assertFalse(run._help())
        self.assertEqual(sorted(self._orders().mapped("import_key")), ["1", "4"])
        self.assertEqual((run.state, run.phase, run.line_done), ("in_progress", "apply", 0))
        run._work(lambda: None)
        self.assertEqual((run.state, run.line_done), ("done", 4))

    def test_helper_has_nothing_to_do_with_a_run_for_one_job(self):
        self._jobs("1")
        self._begun(self.rows)
        self.env["order.import"]._cron_help()
        self.assertFalse(self._orders())

    def test_second_sheet_waits_for_the_first(self):
        run = self._begun([self._row("1"), self._row("2")])
        self.env["order.import.order"].search([("import_id", "=", run.id), ("key", "=", "1")]).sheet = 1
        self.assertEqual(run._claim_orders().mapped("key"), ["2"])

    def test_dry_run_and_confirming_have_one_job(self):
        run = self._begun(self.rows)
        self.assertTrue(run._wants_helper())
        run.dry_run = True
        self.assertFalse(run._wants_helper())
        run.dry_run = False
        self.profile.confirm = True
        self.assertFalse(run._wants_helper())
