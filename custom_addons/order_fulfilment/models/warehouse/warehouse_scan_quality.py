from odoo import fields, models
from odoo.tools import SQL

RATES = {"lines_per_hour:avg": ("lines", "hours"), "mistake_rate:avg": ("mistakes", "scans")}


class WarehouseScan(models.Model):
    """The same scans as figures of the floor: mistakes caught, lines per hour, metres walked."""

    _inherit = "warehouse.scan"

    scans = fields.Integer(readonly=True, default=1)
    mistakes = fields.Integer("Mistakes Caught", readonly=True)
    lines = fields.Integer(readonly=True, help="1 if this scan completed a line.")
    hours = fields.Float(
        readonly=True, digits=(12, 6), help="Since the picker's scan before; breaks do not count."
    )
    metres = fields.Float("Walk (m)", readonly=True, help="This place's share of the task's walk.")
    # Of one scan the rates mean nothing: columns only, so that groups can be asked for them.
    lines_per_hour = fields.Float(readonly=True, aggregator="avg")
    mistake_rate = fields.Float("Mistakes per Scan", readonly=True, aggregator="avg")

    def _read_group_select(self, aggregate_spec, query):
        """Rates of a group are the rates of its sums, not means of rates."""
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        above, below = (self._field_to_sql(self._table, name, query) for name in RATES[aggregate_spec])
        return SQL("COALESCE(SUM(%s) / NULLIF(SUM(%s)::float8, 0), 0)", above, below)

    def _event_values(self, verdict, view, read, session, document):
        """What is kept of a scan besides its answer."""
        line = verdict.line
        place = verdict.session.place if view.phase == "pick" and not verdict.refused else None
        done = verdict.change and verdict.change[0] == "finish"
        return {
            "phase": view.phase,
            "kind": verdict.code,
            "is_refused": verdict.refused,
            "mistakes": int(verdict.refused),
            "scans": 1,
            "lines": int(bool(done)),
            "metres": document._scan_metres() if place and place != view.session.place else 0.0,
            "location_id": verdict.session.place if view.phase == "pick" else False,
            "product_id": read.product or (line.product if line else False),
            "move_line_id": self._line_left(verdict),
            "quantity": verdict.quantity,
            "reason": read.reason or False,
            "session": session,
        }

    def _line_left(self, verdict):
        """The line of the scan, unless the scan itself has removed it."""
        line = verdict.line and self.env["stock.move.line"].browse(verdict.line.id)
        if line and verdict.change and verdict.change[0] == "short":
            line = line.exists()
        return line.id if line else False
