from odoo import api, models


class SaleDropInvoicing(models.AbstractModel):
    """Amounts of the lines of a large invoice, computed at once before it is made.

    Odoo computes them after it has made the lines and writes them line by line; each of these writes looks at
    the whole invoice again, so that 2,000 lines took minutes. Given values that are the ones it would
    compute, it has nothing to write. Everything is asked of Odoo's own tax engine; where it comes to another
    result later (another rate at posting), it corrects the line as ever.
    """

    _inherit = "sale.drop.invoicing"

    @api.model
    def _add_amounts(self, values):
        """Complete the line values of one invoice with amounts and tax tags; ``values`` is changed."""
        taxes = self.env["account.tax"]
        move = self.env["account.move"].new(
            {name: value for name, value in values.items() if name != "invoice_line_ids"}
        )
        commands = values["invoice_line_ids"]
        base_lines = [self._prepare_base_line(move, command[2]) for command in commands]
        company = move.company_id
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        taxes._add_accounting_data_in_base_lines_tax_details(
            base_lines, company, include_caba_tags=move.always_tax_exigible
        )
        results = taxes._prepare_tax_lines(base_lines, company)["base_lines_to_update"]
        for command, (_base_line, amounts) in zip(commands, results, strict=True):
            command[2].update(amounts)
        return values

    def _prepare_base_line(self, move, line):
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            None,
            product_id=self.env["product.product"].browse(line["product_id"]),
            product_uom_id=self.env["uom.uom"].browse(line["product_uom_id"]),
            tax_ids=self.env["account.tax"].browse(line["tax_ids"][0][2]),
            price_unit=line["price_unit"],
            quantity=line["quantity"],
            discount=line["discount"],
            extra_tax_data=line["extra_tax_data"],
            currency_id=move.currency_id,
            partner_id=move.commercial_partner_id,
            is_refund=move.move_type == "out_refund",
            sign=move.direction_sign,
            rate=move.invoice_currency_rate,
        )
