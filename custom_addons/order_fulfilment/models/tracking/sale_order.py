from odoo import api, fields, models
from odoo.tools import babel_locale_parse

from ...tools import ledger as ledger_rules
from ...tools.tracking.window_text import window_text

STATUSES = [
    ("entered", "Entered"),
    ("released", "Released"),
    ("part_picked", "Partly picked"),
    ("picked", "Picked"),
    ("packed", "Packed"),
    ("part_shipped", "Partly shipped"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
    ("proven", "Proven"),
    ("invoiced", "Invoiced"),
    ("paid", "Paid"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
]


class SaleOrder(models.Model):
    """The order's fulfilment in one word and in one line, derived from its lines' ledgers."""

    _inherit = "sale.order"

    fulfilment_status = fields.Selection(
        STATUSES, "Fulfilment", compute="_compute_fulfilment_status", store=True, index=True, copy=False
    )
    fulfilment_summary = fields.Char(
        "Fulfilment in one line", compute="_compute_fulfilment_status", store=True, copy=False
    )
    cancelled_at = fields.Datetime("Cancelled", readonly=True, copy=False)
    fulfilment_ledger_ids = fields.One2many("sale.fulfilment.ledger", "order_id", readonly=True, copy=False)

    @api.depends(
        "state",
        "order_line.fulfilment_ledger",
        "promised_date_from",
        "promised_date_to",
        "is_promised_whole_day",
    )
    def _compute_fulfilment_status(self):
        for order in self:
            # A quotation has only been entered, whatever its lines: unfolding them all tells no more.
            ledgers = [] if order.state in ("draft", "sent") else order._get_counting_ledgers()
            word = (
                "cancelled" if order.state == "cancel" and not ledgers else ledger_rules.status_word(ledgers)
            )
            order.fulfilment_status = word
            order.fulfilment_summary = order._get_fulfilment_summary(word, ledgers)

    def _action_cancel(self):
        """Keep when: figures of a day before still count the order."""
        result = super()._action_cancel()
        self.filtered(lambda order: order.state == "cancel").sudo().cancelled_at = fields.Datetime.now()
        return result

    def _get_counting_ledgers(self):
        """Ledgers of the lines that decide where the order stands."""
        lines = self.order_line.filtered(lambda line: line._is_tracked() and not line.is_delivery)
        goods = lines.filtered(lambda line: line.product_type == "consu")
        return [line._get_ledger() for line in goods or lines if line.fulfilment_ledger]

    def _get_fulfilment_summary(self, word, ledgers):
        """One line for people: how many lines got how far, and when the rest is due."""
        order = self.with_context(lang=self._get_summary_lang())
        if word in ("cancelled", "returned", "entered") or not ledgers:
            return dict(order._fields["fulfilment_status"]._description_selection(order.env)).get(word)
        part = word.startswith("part_")
        stage = word.removeprefix("part_")
        alive = [item for item in ledgers if any(item.standing[name] for name in ledger_rules.STAGES)]
        done = ledger_rules.lines_at_least(alive, stage)
        text = order._get_progress_text(stage, done, len(alive), part)
        if ledger_rules.STAGES.index(stage) < ledger_rules.STAGES.index("shipped") or part:
            text += order._get_due_text(rest=part and stage == "shipped")
        returned = sum(bool(item.standing["returned"]) for item in ledgers)
        if returned == 1:
            return text + order.env._(", return on 1 line")
        return text + (order.env._(", return on %s lines", returned) if returned else "")

    def _get_progress_text(self, stage, done, total, part):
        label = dict(self._fields["fulfilment_status"]._description_selection(self.env))[stage].lower()
        if part and total == 1:
            return self.env._("Part of the line %(stage)s", stage=label)
        if part and not done:
            return self.env._("Part of %(total)s lines %(stage)s", total=total, stage=label)
        return self.env._("%(done)s of %(total)s lines %(stage)s", done=done, total=total, stage=label)

    def _get_due_text(self, rest):
        if not self.promised_date_to:
            return ""
        when = self._get_promise_text()
        return self.env._(", rest due %s", when) if rest else self.env._(", due %s", when)

    def _get_promise_text(self):
        """The promise in force in the language of the context and the time of the place of delivery.

        Empty for an order from before the add-on: notices are tried on any order when they are saved.
        """
        if not self.promised_date_to:
            return ""
        return window_text(
            self.promised_date_from or None,
            self.promised_date_to,
            self._get_delivery_tz(),
            whole_day=self.is_promised_whole_day,
            locale=str(babel_locale_parse(self.env.lang)),
        )

    def _get_summary_lang(self):
        """A stored text has one language: the company's."""
        return self.company_id.partner_id.lang or self.env.lang or "en_US"
