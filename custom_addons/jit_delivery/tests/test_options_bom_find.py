from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestBomFind(TransactionCase):
    """What Odoo finds as the bill of a product does not change by remembering which have none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bikes = cls.env["product.product"].create(
            [{"name": f"Bike {number}", "type": "consu"} for number in range(3)]
        )
        cls.bike = cls.bikes[0]
        cls.boms = cls.env["mrp.bom"]
        cls.boms._bom_find(cls.bikes)  # from here on they are known to have none

    def _create_bom(self, product=None, **values):
        template = (product or self.bike).product_tmpl_id
        return self.boms.create({"product_tmpl_id": template.id, **values})

    def test_bill_made_later_in_the_transaction_is_found(self):
        bom = self._create_bom()
        self.assertEqual(self.boms._bom_find(self.bikes), {self.bike: bom})

    def test_bill_given_to_another_product_is_found(self):
        bom = self._create_bom()
        self.boms._bom_find(self.bikes)
        bom.product_tmpl_id = self.bikes[1].product_tmpl_id
        self.assertEqual(self.boms._bom_find(self.bikes), {self.bikes[1]: bom})

    def test_deletion_that_is_rolled_back_did_not_happen(self):
        bom = self._create_bom()
        with self.cr.savepoint() as savepoint:
            bom.unlink()
            self.assertFalse(self.boms._bom_find(self.bike))
            savepoint.rollback()
        self.assertEqual(self.boms._bom_find(self.bike), {self.bike: bom})

    def test_archived_bill_is_not_found_until_it_is_active(self):
        bom = self._create_bom(active=False)
        self.assertFalse(self.boms._bom_find(self.bike))
        bom.active = True
        self.assertEqual(self.boms._bom_find(self.bike), {self.bike: bom})

    def test_bill_of_another_kind_or_company_stays_out(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_bom(type="normal", company_id=other.id)
        self.assertFalse(self.boms._bom_find(self.bike, bom_type="phantom"))
        self.assertFalse(self.boms._bom_find(self.bike, company_id=self.env.company.id))

    def test_product_that_is_not_stored_yet_finds_the_bill_of_its_origin(self):
        bom = self._create_bom()
        draft = self.bike.new(origin=self.bike)
        self.assertEqual(self.boms._bom_find(draft)[draft], bom)

    def test_products_without_bills_cost_one_query_in_all(self):
        self.env.cr.cache.clear()
        self.env.flush_all()
        self.bikes.mapped("type")
        with self.assertQueryCount(1):
            for bike in self.bikes:
                self.boms._bom_find(bike)
