from collections import defaultdict

from odoo import api, fields, models

from ...tools.warehouse.scan_view import BIN_PREFIX, BOX_COMMAND, Box, Line, Session, View

STALE_MINUTES = 10  # who has not scanned for so long does not keep others away


class WarehouseScanTask(models.AbstractModel):
    """A document that is worked off by scans: a transfer, or a batch of them. Gathers what the rules need.

    The number of queries is the same for one line and for 500.
    """

    _name = "warehouse.scan.task"
    _description = "Task Worked Off by Scans"

    def _scan_pickings(self):
        """The transfers of the task."""
        raise NotImplementedError

    def _scan_lines(self):
        """Move lines that scans are for, in a stable order."""
        pickings = self._scan_pickings()
        lines = self.env["stock.move.line"].search(
            [
                ("picking_id", "in", pickings.ids),
                ("state", "not in", ("done", "cancel", "draft")),
                ("quantity_product_uom", ">", 0),
            ],
            order="id",
        )
        return lines.filtered(lambda line: line.picking_id.picking_type_id.code != "incoming")

    def _scan_view(self, user):
        """``(View, names)``: the task as ``user`` sees it, and ``{(kind, id): name}`` of what is in it."""
        self.ensure_one()
        lines, rank = self._scan_lines(), self._pick_rank()
        sessions = self._scan_sessions()
        mine = sessions.pop(user, Session())
        operation = self.picking_type_id
        outgoing = operation.code == "outgoing"
        pickings = lines.picking_id
        bins = {p.id: p.cart_bin for p in pickings} if self._scan_in_bins(pickings) else {}
        view = View(
            lines=tuple(self._scan_line(line, rank) for line in lines),
            session=mine,
            boxes=self._scan_boxes(lines),
            bins=bins,
            docks=self._scan_docks(),
            others=frozenset(filter(None, (s.target or s.place for s in sessions.values()))),
            busy_transfers=frozenset(s.transfer for s in sessions.values() if s.transfer and s.box),
            packs=outgoing and operation.scan_pack,
            loads=outgoing and operation.scan_load,
            today=fields.Date.context_today(self),
        )
        return view, self._scan_names(lines, mine.box)

    def _scan_in_bins(self, pickings):
        return self._name == "stock.picking.batch" and self.picking_type_id.cart_bins and len(pickings) > 1

    @api.model
    def _scan_line(self, line, rank):
        place, lot, product = line.location_id, line.lot_id, line.product_id
        expiry = lot.expiration_date if lot and "expiration_date" in lot._fields else False
        return Line(
            id=line.id,
            transfer=line.picking_id.id,
            product=product.id,
            place=place.id,
            wanted=line.quantity_product_uom,
            scanned=line.qty_scanned,
            packed=line.qty_packed,
            picked=line.picked,
            box=line.result_package_id.id or None,
            lot=lot.name or "",
            expiry=fields.Date.context_today(self, expiry) if expiry else None,
            tracked=product.tracking != "none" and bool(lot),
            stop=rank.get(place.id, 0),
            place_has_code=bool(place.barcode),
        )

    @api.model
    def _scan_boxes(self, lines):
        """What goes on the vehicle: the outermost packages; loaded when all in it is."""
        loaded = defaultdict(list)
        owner = {}
        for line in lines.filtered("result_package_id"):
            box = line.result_package_id.outermost_package_id.id or line.result_package_id.id
            loaded[box].append(line.is_loaded)
            owner[box] = line.picking_id.id
        return tuple(Box(box, owner[box], all(flags)) for box, flags in loaded.items())

    def _scan_sessions(self):
        """``{user id: Session}`` of everybody who scanned for this task, me included, others only of late."""
        self.env["warehouse.scan"].flush_model(["session"])
        self.env.cr.execute(
            """SELECT DISTINCT ON (user_id) user_id, session,
                      create_date > (now() AT TIME ZONE 'UTC') - make_interval(mins => %s)
                 FROM warehouse_scan
                WHERE task_model = %s AND task_id = %s AND session IS NOT NULL
             ORDER BY user_id, id DESC""",
            [STALE_MINUTES, self._name, self.id],
        )
        return {
            user: Session(**{**session, "skipped": tuple(session.get("skipped", ()))})
            for user, session, is_recent in self.env.cr.fetchall()
            if is_recent or user == self.env.uid
        }

    def _scan_docks(self):
        """``{key: name}`` of the docks and vehicles that this task is loaded at; none: no dock is asked."""
        return {f"location-{dock.id}": dock.name for dock in self.picking_type_id.scan_dock_ids}

    def _scan_names(self, lines, open_box=None):
        names = {("product", product.id): product.display_name for product in lines.product_id}
        names |= {("place", place.id): place.name for place in lines.location_id}
        names |= {("transfer", picking.id): picking.name for picking in lines.picking_id}
        boxes = lines.result_package_id | lines.result_package_id.outermost_package_id
        boxes |= boxes.browse(open_box).exists()
        return names | {("box", box.id): box.sscc or box.name for box in boxes}

    def _scan_metres(self):
        """A place's share of the walk."""
        places = len((self.pick_route or {}).get("locations", ()))
        return self.pick_distance / places if places else 0.0

    def _scan_task_summary(self):
        """One line of the list of tasks."""
        lines = self._scan_pickings().move_line_ids
        return {
            "task": [self._name, self.id],
            "name": self.name,
            "lines": len(lines),
            "picked": len(lines.filtered("picked")),
            "metres": round(self.pick_distance),
            "partner": self.partner_id.name or "" if self._name == "stock.picking" else "",
            "scheduled": fields.Datetime.to_string(self.scheduled_date) if self.scheduled_date else "",
        }


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "warehouse.scan.task"]

    cart_bin = fields.Integer(
        "Bin", compute="_compute_cart_bin", store=True, copy=False, help="Bin on the cart of its batch."
    )

    @api.depends("batch_id")
    def _compute_cart_bin(self):
        """The lowest free number, which a transfer keeps as long as it stays in its batch."""
        for batch, pickings in self.grouped("batch_id").items():
            taken = set((batch.picking_ids - self).mapped("cart_bin")) if batch else set()
            free = (number for number in range(1, 10**6) if number not in taken)
            for picking in pickings.sorted("id"):
                picking.cart_bin = next(free) if batch else 0

    def _scan_pickings(self):
        return self


class StockPickingBatch(models.Model):
    _name = "stock.picking.batch"
    _inherit = ["stock.picking.batch", "warehouse.scan.task"]

    def _scan_pickings(self):
        return self.picking_ids


class StockPickingType(models.Model):
    """Which steps of a delivery are scanned, and at which docks it is loaded."""

    _inherit = "stock.picking.type"

    scan_pack = fields.Boolean(
        "Scan when packing", default=True, help="Every piece is scanned into its box before it leaves."
    )
    scan_load = fields.Boolean(
        "Scan when loading", default=True, help="Every package is scanned when it is put on the vehicle."
    )
    scan_dock_ids = fields.Many2many(
        "stock.location",
        "stock_picking_type_scan_dock_rel",
        string="Docks to load at",
        help="Packages are loaded only after one of these was scanned; none: no dock is asked.",
    )

    def _scan_command_sheet(self):
        """Rows of two ``{name, code}``: every command, and the bins of the cart."""
        _ = self.env._
        commands = [
            {"name": _("CONFIRM"), "code": "OF-CMD-CONFIRM"},
            {"name": _("CLOSE the box"), "code": "OF-CMD-CLOSE"},
            {"name": _("NEW BOX"), "code": BOX_COMMAND},
            {"name": _("LATER: next place"), "code": "OF-CMD-NEXT"},
            {"name": _("SHORT: missing"), "code": "OF-CMD-SHORT-MISSING"},
            {"name": _("SHORT: all damaged"), "code": "OF-CMD-SHORT-DAMAGED"},
            {"name": _("SHORT: no access"), "code": "OF-CMD-SHORT-BLOCKED"},
            {"name": _("ONE PIECE DAMAGED"), "code": "OF-CMD-DAMAGED"},
            {"name": _("Back to the TASKS"), "code": "OF-CMD-TASKS"},
        ]
        bins = range(1, (self.cart_bins or 12) + 1)
        commands += [{"name": _("Bin %s", number), "code": f"{BIN_PREFIX}{number}"} for number in bins]
        return [commands[index : index + 2] for index in range(0, len(commands), 2)]


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    qty_packed = fields.Float("Packed", copy=False, digits="Product Unit", help="Scanned into the open box.")
    is_loaded = fields.Boolean("Loaded", copy=False)
