from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import escape_psql, hash_sign, plaintext2html, verify_hash_signed
from odoo.tools.image import image_data_uri

from ...tools import ledger as ledger_rules
from ...tools.tracking import page_access

PAGE_SCOPE = "order_fulfilment.order_status"
PAGE_HOURS = 2
# Steps a customer understands; what is inside the warehouse is one step.
PAGE_STEPS = ("entered", "released", "packed", "shipped", "delivered")


class SaleOrder(models.Model):
    """What the customer may see of an order, in the portal, on the public page and over RPC."""

    _inherit = "sale.order"

    @api.readonly
    def get_fulfilment(self):
        """Status, promises, quantities per stage and drops of these orders, as plain values."""
        self.check_access("read")
        # sudo: who may read the order, as its customer in the portal, may know where its goods are
        return [order._prepare_fulfilment() for order in self.sudo()]

    def _prepare_fulfilment(self):
        moment = fields.Datetime.to_string
        return {
            "id": self.id,
            "name": self.name,
            "status": self.fulfilment_status,
            "summary": self.fulfilment_summary or "",
            "requested": [moment(self.requested_date_from) or "", moment(self.requested_date_to) or ""],
            "first_promised": [
                moment(self.first_promised_date_from) or "",
                moment(self.first_promised_date_to) or "",
            ],
            "promised": [moment(self.promised_date_from) or "", moment(self.promised_date_to) or ""],
            "lines": [line._prepare_fulfilment() for line in self.order_line if line.fulfilment_ledger],
            "drops": [drop._prepare_fulfilment() for drop in self._get_drops()],
        }

    def _get_drops(self):
        """Transfers to the customer, sent or still to send, in order of date."""
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state != "cancel" and any(move._leaves_to_customer() for move in picking.move_ids)
            )
        ).sorted("scheduled_date")

    # ------------------------------------------------------------ the page

    @api.model
    def _find_for_page(self, reference, post_code):
        """The order of that reference whose post code is right, or none; takes as long either way."""
        reference = page_access.normalize_reference(reference)
        orders = self.sudo().search(
            [("name", "=ilike", escape_psql(reference)), ("state", "in", ("sale", "cancel"))],
            limit=page_access.CANDIDATES,
        )
        codes = [order.partner_shipping_id.zip or order.partner_id.zip or "" for order in orders]
        position = page_access.pair_matches(codes, post_code)
        return orders[position] if position >= 0 else self.browse()

    def _get_page_token(self):
        """A signed link to this page, for a while; it opens nothing but this page."""
        self._ensure_page_links()
        return hash_sign(self.sudo().env, PAGE_SCOPE, [self.id], expiration_hours=PAGE_HOURS)

    def _ensure_page_links(self):
        """Give the invoices the keys by which the page links to them: a look at it writes nothing."""
        invoices = self.sudo().invoice_ids.filtered(
            lambda move: move.state == "posted" and not move.access_token
        )
        for invoice in invoices:
            invoice._portal_ensure_token()

    @api.model
    def _find_by_page_token(self, token):
        try:
            values = verify_hash_signed(self.sudo().env, PAGE_SCOPE, token or "")
        except (ValueError, IndexError):
            values = None
        return self.sudo().browse(values[0]).exists() if values else self.browse()

    def _prepare_page(self):
        """Values of the status page; everything in the customer's own words, no internal state."""
        return {
            "order": self,
            "steps": self._get_page_steps(),
            "promise": self._get_promise_text(),
            "expected": self._get_expected_arrival(),
            "drops": self._get_drops(),
            "lines": self.order_line.filtered("fulfilment_ledger"),
            "invoices": self.invoice_ids.filtered(lambda invoice: invoice.state == "posted"),
            "tz": self._get_delivery_tz(),
            "image_data_uri": image_data_uri,
            "number": lambda quantity: f"{quantity:.6f}".rstrip("0").rstrip("."),
        }

    def _get_page_steps(self):
        """Per step: its name, the share of the goods that got there in percent, and when it last moved."""
        reached, times, ordered = defaultdict(Decimal), {}, Decimal(0)
        for ledger in self._get_counting_ledgers():
            ordered += ledger.ordered
            for number, step in enumerate(PAGE_STEPS):
                further = ledger_rules.STAGES[ledger_rules.STAGES.index(step) :]
                reached[step] += sum(ledger.standing[stage] for stage in further) + (
                    ledger.standing["returned"] if number < len(PAGE_STEPS) - 1 else 0
                )
                time = ledger.marks.get(step, (None,))[0]
                times[step] = max(filter(None, (times.get(step), time)), default=None)
        labels = dict(self._fields["fulfilment_status"]._description_selection(self.env))
        return [
            {
                "label": labels[step],
                "percent": int(100 * reached[step] / ordered) if ordered else 0,
                "time": times.get(step) if reached[step] else None,
            }
            for step in PAGE_STEPS
        ]

    def _get_expected_arrival(self):
        """When the last open drop is planned, if that is later than promised; the promise says it
        otherwise.
        """
        open_moves = self._get_promise_moves()
        planned = max(open_moves.filtered("date").mapped("date"), default=None)
        if planned and self.promised_date_to and planned > self.promised_date_to:
            return planned
        return None

    def _report_problem(self, line, text):
        """Take a customer's report about one line (or the whole order); support may open a ticket instead.

        :return: the words with which the page confirms it
        """
        self.ensure_one()
        subject = line.product_id.display_name if line else self.name
        body = self.env._("Problem reported on %(subject)s: %(text)s", subject=subject, text=text[:2000])
        self.message_post(body=body, subtype_xmlid="mail.mt_comment", author_id=self.partner_id.id)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Customer reported a problem"),
            note=plaintext2html(body),
            user_id=(self.user_id or self.team_id.user_id or self.env.ref("base.user_admin")).id,
        )
        return self.env._("Thank you. We have noted the problem with %s and will answer by mail.", subject)
