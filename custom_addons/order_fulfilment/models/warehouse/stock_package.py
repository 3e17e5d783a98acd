import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import file_path

from ...tools.gs1 import Gs1Error, element_text, gtin, is_gtin, sscc
from ...tools.warehouse.label import Label, label_pdf, label_zpl

_logger = logging.getLogger(__name__)
FONT = "web/static/fonts/sign/NotoSans-Reg.ttf"  # Latin, Greek and Cyrillic letters


class StockPackage(models.Model):
    """Packages carry an SSCC and print as a logistic label."""

    _inherit = "stock.package"

    sscc = fields.Char("SSCC", readonly=True, copy=False)

    _unique_sscc = models.UniqueIndex("(sscc) WHERE sscc IS NOT NULL", "[OF-WH-021] This SSCC is taken.")

    def _assign_sscc(self):
        """Give an SSCC to each package that has none.

        The number comes from a database sequence: never twice, whoever else asks at the same time; a rollback
        leaves a gap, which the standard allows.
        """
        sequence = self.env.ref("order_fulfilment.sequence_sscc").sudo()  # pickers do not read sequences
        for package in self.filtered(lambda package: not package.sscc):
            company = package.company_id or self.env.company
            if not company.gs1_company_prefix:
                raise UserError(
                    self.env._(
                        "[OF-WH-022] %(company)s has no GS1 company prefix: enter it in the settings of "
                        "Order Fulfilment, then print again.",
                        company=company.name,
                    )
                )
            try:
                package.sscc = sscc(company.gs1_company_prefix, int(sequence.next_by_id()))
            except Gs1Error as error:
                raise UserError(self.env._("[OF-WH-023] No SSCC left: %s", error)) from error
        return True

    def _post_put_in_pack_hook(self):
        self._assign_sscc_where_possible()
        return super()._post_put_in_pack_hook()

    def _assign_sscc_where_possible(self):
        """The same without complaint, for packages whose company has a prefix."""
        if self.env["order.fulfilment.capability"]._is_on("warehouse"):
            company = self.env.company
            named = self.filtered(lambda package: (package.company_id or company).gs1_company_prefix)
            try:
                named._assign_sscc()
            except UserError as error:  # no number left: packing goes on, printing the label will say so
                _logger.warning("No SSCC for packages %s: %s", named.ids, error)

    def action_print_label(self):
        """Open the logistic labels of these packages as PDF, giving SSCCs where needed."""
        self._assign_sscc()
        ids = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "url": f"/order_fulfilment/label/{ids}.pdf", "target": "new"}

    def _render_labels(self, kind):
        """Labels as ``pdf`` (bytes) or ``zpl`` (text)."""
        labels = [package._prepare_label() for package in self]
        return label_pdf(labels, file_path(FONT)) if kind == "pdf" else label_zpl(labels)

    def _prepare_label(self):
        self.ensure_one()
        self._assign_sscc()
        delivery = self._deliveries()[:1]
        receiver = delivery.partner_id
        company = self.company_id or self.env.company
        reference = delivery._customer_reference() or delivery.origin or ""
        return Label(
            sender=company.name,
            receiver=tuple(filter(None, (receiver._display_address() if receiver else "").splitlines())),
            reference=" · ".join(
                dict.fromkeys(filter(None, [delivery.name, delivery.origin, reference, self.name]))
            ),
            contents=tuple(self._label_contents()),
            elements=tuple(self._label_elements(receiver.zip, reference)),
        )

    def _label_elements(self, postcode, reference):
        """Pairs for the symbols; a text that GS1 has no characters for is left out, not altered."""
        yield "00", self.sscc
        texts = (("420", element_text(postcode or "", 20)), ("400", element_text(reference, 30)))
        yield from ((identifier, text) for identifier, text in texts if text)
        content = self._uniform_content()
        if content:
            product, quantity, lot = content
            yield from (("02", gtin(product.barcode)), ("37", f"{quantity:.0f}"))
            if lot:
                yield "10", lot

    def _uniform_content(self):
        """``(product, quantity, lot)`` when all in here is one product with a GTIN, in whole numbers."""
        lines = self._packed_lines()
        product, quantity = lines.product_id, sum(lines.mapped("quantity_product_uom"))
        is_countable = quantity == int(quantity) and 0 < quantity < 10**8  # (37) has eight digits
        if len(product) != 1 or not is_gtin(product.barcode or "") or not is_countable:
            return None
        lots = {line.lot_id.name or "" for line in lines}
        return product, quantity, element_text(lots.pop(), 20) if len(lots) == 1 else ""
