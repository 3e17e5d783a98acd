from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    phase_in_date = fields.Date(help="First day on which this can be ordered.")
    phase_out_date = fields.Date(help="Last day on which this can be ordered.", tracking=True)
    successor_id = fields.Many2one("product.template", index="btree_not_null", tracking=True, copy=False)
    predecessor_ids = fields.One2many("product.template", "successor_id", string="Predecessors")
    supersession_mode = fields.Selection(
        [("date", "On the phase-out date"), ("stock", "When the stock is used up")],
        default="date",
        help="When new order lines get the successor instead.",
    )

    @api.constrains("phase_in_date", "phase_out_date")
    def _check_phase(self):
        for template in self:
            first, last = template.phase_in_date, template.phase_out_date
            if first and last and first > last:
                raise ValidationError(
                    self.env._("[OF-OPT-020] %s is phased out before it is phased in.", template.display_name)
                )

    @api.constrains("successor_id")
    def _check_supersession_cycle(self):
        for template in self:
            seen, step = template, template.successor_id
            while step:
                if step in seen:
                    names = " → ".join([*seen.mapped("display_name"), step.display_name])
                    raise ValidationError(
                        self.env._(
                            "[OF-OPT-022] The successors go round in a circle: %s. Take one out.", names
                        )
                    )
                seen += step
                step = step.successor_id

    def _is_superseded(self, date):
        """Say whether new lines must not take this end item any more on ``date``."""
        self.ensure_one()
        over = bool(self.phase_out_date and self.phase_out_date < date)
        if self.successor_id and self.supersession_mode == "stock":
            return over or self.sudo().qty_available <= 0  # stock of all warehouses decides, not the reader's
        return over

    def _current_successor(self, date):
        """Return the first end item down the chain that can be ordered on ``date``, if any."""
        self.ensure_one()
        template = self.successor_id
        while template and not template._is_orderable(date):
            template = template.successor_id
        return template

    def _is_orderable(self, date):
        self.ensure_one()
        begun = not self.phase_in_date or self.phase_in_date <= date
        return self.active and self.sale_ok and begun and not self._is_superseded(date)

    def _has_ordering_rules(self):
        """Say whether the day or the options can keep this from being ordered; of most items, neither."""
        self.ensure_one()
        return bool(self.phase_in_date or self.phase_out_date or self.successor_id or self.attribute_line_ids)

    def _life_cycle_refusal(self, date):
        """Return why this end item cannot be ordered on ``date``, or an empty text."""
        self.ensure_one()
        if self.phase_in_date and date < self.phase_in_date:
            return self.env._(
                "[OF-OPT-021] %(item)s can be ordered from %(date)s on.",
                item=self.display_name,
                date=self.phase_in_date,
            )
        if not self._is_superseded(date):
            return ""
        successor = self._current_successor(date)
        if successor:
            return self.env._(
                "[OF-OPT-023] %(item)s is superseded: order %(successor)s instead.",
                item=self.display_name,
                successor=successor.display_name,
            )
        return self.env._(
            "[OF-OPT-024] %(item)s is phased out (last day: %(date)s) and has no successor to order now.",
            item=self.display_name,
            date=self.phase_out_date or "–",
        )

    def _supersession_chain(self):
        """Return this end item with all that came before and after it."""
        self.ensure_one()
        chain = self
        step = self.predecessor_ids
        while step:
            chain |= step
            step = step.predecessor_ids - chain
        step = self.successor_id
        while step and step not in chain:
            chain |= step
            step = step.successor_id
        return chain

    def action_view_demand_history(self):
        """Open the sales of the whole chain, by month: a successor inherits the demand before it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Demand along the chain"),
            "res_model": "sale.report",
            "view_mode": "pivot,graph",
            "domain": [("product_tmpl_id", "in", self._supersession_chain().ids), ("state", "=", "sale")],
            "context": {
                "pivot_row_groupby": ["date:month"],
                "pivot_column_groupby": ["product_tmpl_id"],
                "pivot_measures": ["product_uom_qty"],
            },
        }
