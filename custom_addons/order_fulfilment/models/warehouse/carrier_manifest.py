from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: What may follow a state.
TRANSITIONS = {"draft": ("done", "cancel"), "done": (), "cancel": ("draft",)}
STATES = [("draft", "Open"), ("done", "Handed over"), ("cancel", "Cancelled")]


class CarrierManifest(models.Model):
    """All that one carrier takes from one warehouse on one day, on one list that the driver signs.

    A delivery stands on one manifest only. While it is open, filling it again takes up what has been shipped
    since; once it is handed over, nothing changes.
    """

    _name = "carrier.manifest"
    _description = "Carrier Manifest"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, copy=False, default="New")
    carrier_id = fields.Many2one("delivery.carrier", required=True, check_company=True, index=True)
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Day of shipping, in the warehouse's time zone.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, tracking=True)
    picking_ids = fields.One2many("stock.picking", "manifest_id", "Deliveries", readonly=True, copy=False)
    package_count = fields.Integer("Packages", compute="_compute_totals")
    weight = fields.Float(compute="_compute_totals", digits="Stock Weight")
    units = fields.Json(compute="_compute_totals")
    units_table = fields.Html("What is handed over", compute="_compute_units_table")
    driver = fields.Char(copy=False)
    vehicle = fields.Char("Licence plate", copy=False)
    handed_date = fields.Datetime("Handed over on", readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(warehouse_id, carrier_id, date) WHERE state = 'draft'",
        "[OF-WH-060] There is an open manifest for this carrier, warehouse and day: use that one.",
    )

    @api.depends("picking_ids.state", "picking_ids.move_line_ids.result_package_id")
    def _compute_totals(self):
        for manifest in self:
            units = [unit for picking in manifest.picking_ids for unit in picking._manifest_units()]
            manifest.units = units
            manifest.package_count = sum(bool(unit["package"]) for unit in units)
            manifest.weight = sum(unit["weight"] for unit in units)

    @api.depends("units")
    def _compute_units_table(self):
        for manifest in self:
            values = {"units": manifest.units or []}
            manifest.units_table = self.env["ir.qweb"]._render(
                "order_fulfilment.carrier_manifest_units", values
            )

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            if values.get("name", "New") == "New":
                values["name"] = self.env["ir.sequence"].next_by_code("order_fulfilment.manifest") or "New"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        if closed := self.filtered(lambda manifest: manifest.state == "done"):
            raise UserError(self.env._("[OF-WH-061] %s is handed over: it stays as proof.", closed[0].name))

    def write(self, vals):
        frozen = {"carrier_id", "date", "warehouse_id", "picking_ids"} & set(vals)
        if frozen and self.filtered(lambda manifest: manifest.state == "done"):
            raise UserError(self.env._("[OF-WH-062] A manifest that is handed over cannot be changed."))
        return super().write(vals)

    def _move_to(self, state):
        for manifest in self:
            if state not in TRANSITIONS[manifest.state]:
                raise UserError(
                    self.env._(
                        "[OF-WH-063] %(manifest)s is %(state)s: this step is not possible any more.",
                        manifest=manifest.name,
                        state=dict(STATES)[manifest.state],
                    )
                )
        self.write({"state": state})

    def action_fill(self):
        """Take up the carrier's deliveries of the day that are shipped and on no manifest."""
        self.check_access("write")
        for manifest in self:
            if manifest.state != "draft":
                raise UserError(self.env._("[OF-WH-062] A manifest that is handed over cannot be changed."))
            self.env["stock.picking"].search(manifest._shipped_domain()).manifest_id = manifest
        return True

    def action_hand_over(self):
        """The driver has taken everything on the list."""
        self.check_access("write")
        for manifest in self:
            if not manifest.picking_ids:
                raise UserError(
                    self.env._(
                        "[OF-WH-064] %s lists nothing: fill it before it is handed over.", manifest.name
                    )
                )
        self._move_to("done")
        self.handed_date = fields.Datetime.now()
        return True

    def action_cancel(self):
        """Give the manifest up; its deliveries can go on another one."""
        self.check_access("write")
        self._move_to("cancel")
        self.picking_ids.manifest_id = False
        return True

    def _shipped_domain(self):
        begin, end = self._day()
        return [
            ("carrier_id", "=", self.carrier_id.id),
            ("picking_type_id.code", "=", "outgoing"),
            ("picking_type_id.warehouse_id", "=", self.warehouse_id.id),
            ("state", "=", "done"),
            ("manifest_id", "=", False),
            ("date_done", ">=", begin),
            ("date_done", "<", end),
        ]

    def _day(self):
        """Begin and end of the day at the warehouse, in UTC without zone; 23 and 25 hours included."""
        zone = ZoneInfo(self.warehouse_id.partner_id.tz or self.company_id.partner_id.tz or "UTC")
        edges = (datetime.combine(self.date + timedelta(days=more), time.min, zone) for more in (0, 1))
        return tuple(edge.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for edge in edges)

    @api.model
    def for_day(self, carrier_id, date, warehouse_id=False):
        """Open (or find) the manifest of a carrier and day, fill it, and answer what is on it."""
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("[OF-WH-065] Only warehouse users make manifests."))
        carrier = self.env["delivery.carrier"].browse(carrier_id).exists()
        if not carrier:
            raise UserError(self.env._("[OF-WH-066] There is no carrier %s.", carrier_id))
        values = {"carrier_id": carrier.id, "date": self._read_date(date)}
        if warehouse_id:
            values["warehouse_id"] = warehouse_id
        wanted = self.new(values)
        open_one = [
            ("carrier_id", "=", carrier.id),
            ("date", "=", wanted.date),
            ("warehouse_id", "=", wanted.warehouse_id.id),
            ("state", "=", "draft"),
        ]
        manifest = self.search(open_one, limit=1) or self.create(values)
        manifest.action_fill()
        return manifest._as_json()

    def _read_date(self, text):
        try:
            return fields.Date.to_date(text) or fields.Date.context_today(self)
        except ValueError as error:
            raise UserError(self.env._("[OF-WH-067] %s is no date: write it as 2026-03-31.", text)) from error

    def _as_json(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "carrier": self.carrier_id.name,
            "date": str(self.date),
            "warehouse": self.warehouse_id.name,
            "packages": self.package_count,
            "weight": round(self.weight, 3),
            "units": self.units or [],
        }
