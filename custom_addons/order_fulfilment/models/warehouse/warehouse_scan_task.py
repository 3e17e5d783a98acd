from collections import defaultdict
from dataclasses import fields as dataclass_fields
from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.warehouse.scan_view import BIN_PREFIX, BOX_COMMAND, Box, Line, Session, View

STALE_MINUTES = 10  # who has not scanned for so long does not keep others away
LINE_COLUMNS = tuple(column.name for column in dataclass_fields(Line) if column.name != "stop")

#: What is read of what sentences name.
NAMED = {
    "product": ("product.product", ("default_code", "barcode", "product_tmpl_id")),
    "place": ("stock.location", ("name",)),
    "transfer": ("stock.picking", ("name",)),
    "box": ("stock.package", ("name", "sscc")),
}

#: Open lines of a task with what the rules ask of them, and names and barcodes for the answer.
ROWS = """
SELECT ml.id, ml.picking_id AS transfer, ml.product_id AS product, ml.location_id AS place,
       ml.quantity_product_uom AS wanted,
       LEAST(coalesce(ml.qty_scanned, 0), ml.quantity_product_uom) AS scanned,
       coalesce(ml.qty_packed, 0) AS packed, coalesce(ml.picked, false) AS picked,
       ml.result_package_id AS box, coalesce(ml.is_loaded, false) AS is_loaded,
       coalesce(lot.name, '') AS lot, %s AS expiry,
       lot.id IS NOT NULL AND template.tracking != 'none' AS tracked, template.tracking = 'serial' AS serial,
       lot.id IS NULL AND template.tracking != 'none'
       AND (operation.use_create_lots OR operation.use_existing_lots) AS lot_missing,
       coalesce(place.barcode, '') != '' AS place_has_code, picking.cart_bin,
       ml.open_box_id AS open_box, ml.package_id AS source, coalesce(ml.quantity_product_uom = (
           SELECT sum(quant.quantity) FROM stock_quant quant
            WHERE quant.package_id = ml.package_id AND quant.product_id = ml.product_id
              AND quant.lot_id IS NOT DISTINCT FROM ml.lot_id), false) AS whole,
       coalesce(place.barcode, '') AS place_code, place.name AS place_name,
       coalesce(product.barcode, '') AS product_code, picking.name AS transfer_name,
       operation.code, operation.scan_pack, operation.scan_load, operation.cart_bins
  FROM stock_move_line ml
  JOIN stock_picking picking ON picking.id = ml.picking_id
  JOIN stock_picking_type operation ON operation.id = picking.picking_type_id
  JOIN stock_location place ON place.id = ml.location_id
  JOIN product_product product ON product.id = ml.product_id
  JOIN product_template template ON template.id = product.product_tmpl_id
  LEFT JOIN stock_lot lot ON lot.id = ml.lot_id
 WHERE %s = %s AND ml.quantity_product_uom > 0 AND operation.code != 'incoming'
   AND ml.state NOT IN ('done', 'cancel', 'draft')
 ORDER BY ml.id
"""

#: The last session of each user of a task; hops from user to user, however many scans there are.
SESSIONS = """
WITH RECURSIVE people AS (
    SELECT min(user_id) AS user_id FROM warehouse_scan WHERE task_model = %(model)s AND task_id = %(task)s
     UNION ALL
    SELECT (SELECT min(user_id) FROM warehouse_scan
             WHERE task_model = %(model)s AND task_id = %(task)s AND user_id > people.user_id)
      FROM people WHERE people.user_id IS NOT NULL)
SELECT people.user_id, latest.session,
       latest.create_date > (now() AT TIME ZONE 'UTC') - make_interval(mins => %(stale)s)
  FROM people, LATERAL (
        SELECT session, create_date FROM warehouse_scan
         WHERE task_model = %(model)s AND task_id = %(task)s AND user_id = people.user_id
           AND session IS NOT NULL
      ORDER BY id DESC LIMIT 1) latest
"""


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
        """The task as ``user`` sees it; docks only where it is loaded next, nobody asks for them before."""
        self.ensure_one()
        rows, rank, today = self._scan_rows(), self._pick_rank(), fields.Date.context_today(self)
        sessions = self._scan_sessions()
        mine = sessions.pop(user, Session())
        operation = rows[0] if rows else {}
        outgoing = operation.get("code") == "outgoing"
        bins = {row["transfer"]: row["cart_bin"] for row in rows}
        in_bins = self._name == "stock.picking.batch" and operation.get("cart_bins") and len(bins) > 1
        view = View(
            lines=tuple(self._scan_line(row, rank) for row in rows),
            session=mine,
            boxes=self._scan_boxes(rows),
            bins=bins if in_bins else {},
            others=frozenset(filter(None, (s.target or s.place for s in sessions.values()))),
            held=frozenset(s.line for s in sessions.values() if s.line),
            busy_transfers=frozenset(s.transfer for s in sessions.values() if s.transfer and s.box),
            packs=bool(outgoing and operation["scan_pack"]),
            loads=bool(outgoing and operation["scan_load"]),
            today=today,
            names=self._scan_row_names(rows),
            codes=self._scan_row_codes(rows),
        )
        return self._scan_with_docks(view) if view.phase == "load" else view

    def _scan_with_docks(self, view):
        return replace(view, docks=self._scan_docks())

    def _scan_rows(self):
        """The open move lines with what the rules ask of them, in one query: this runs with every scan.

        The caller has checked that the user may work on the document whose lines these are.
        """
        self.env.flush_all()
        has_expiry = "expiration_date" in self.env["stock.lot"]._fields
        batch = self._name == "stock.picking.batch"
        expiry = SQL("lot.expiration_date::date") if has_expiry else SQL("NULL::date")
        document = SQL("picking.batch_id") if batch else SQL("picking.id")
        self.env.cr.execute(SQL(ROWS, expiry, document, self.id))
        return self.env.cr.dictfetchall()

    @api.model
    def _scan_line(self, row, rank):
        return Line(**{name: row[name] for name in LINE_COLUMNS}, stop=rank.get(row["place"], 0))

    @api.model
    def _scan_row_names(self, rows):
        """``{(kind, id): name}`` of places and transfers, and the barcodes of the places."""
        names = {("place", row["place"]): row["place_name"] for row in rows}
        names |= {("place_code", row["place"]): row["place_code"] for row in rows}
        return names | {("transfer", row["transfer"]): row["transfer_name"] for row in rows}

    @api.model
    def _scan_row_codes(self, rows):
        """``{barcode: (kind, id)}`` of the goods and places of the task."""
        codes = {row["product_code"]: ("goods", row["product"]) for row in rows}
        codes |= {row["place_code"]: ("place", row["place"]) for row in rows}
        codes.pop("", None)
        return codes

    @api.model
    def _scan_boxes(self, rows):
        """What goes on the vehicle: the outermost packages; loaded when all in it is."""
        loaded, owner = defaultdict(list), {}
        packages = self.env["stock.package"].browse({row["box"] for row in rows if row["box"]})
        outermost = {package.id: package.outermost_package_id.id or package.id for package in packages}
        for row in rows:
            if row["box"]:
                box = outermost[row["box"]]
                loaded[box].append(row["is_loaded"])
                owner[box] = row["transfer"]
        return tuple(Box(box, owner[box], all(flags)) for box, flags in loaded.items())

    def _scan_sessions(self):
        """``{user id: Session}`` of everybody who scanned for this task, me included, others only of late."""
        self.env["warehouse.scan"].flush_model(["session"])
        self.env.cr.execute(SESSIONS, {"model": self._name, "task": self.id, "stale": STALE_MINUTES})
        return {
            user: Session(**{**session, "skipped": tuple(session.get("skipped", ()))})
            for user, session, is_recent in self.env.cr.fetchall()
            if is_recent or user == self.env.uid
        }

    def _scan_docks(self):
        """``{key: name}`` of the docks and vehicles that this task is loaded at; none: no dock is asked."""
        return {f"location-{dock.id}": dock.name for dock in self.picking_type_id.scan_dock_ids}

    def _scan_names(self, wanted, known=None):
        """``{(kind, id): name}`` of ``wanted``, pairs as in :class:`Ref`, and of what is ``known``."""
        names = dict(known or {})
        for kind, (model, columns) in NAMED.items():
            ids = {key for found, key in wanted if found == kind and key and (kind, key) not in names}
            # sudo: the task, on which the user may work, names them, or a search with his rights found them
            records = self.env[model].sudo().with_context(active_test=False)
            records = records.search_fetch([("id", "in", list(ids))], columns) if ids else records
            if kind == "product":
                records.product_tmpl_id.fetch(["name", "uom_id"])
            for record in records:
                names[kind, record.id] = self._scan_name(kind, record)
        return names

    @api.model
    def _scan_name(self, kind, record):
        if kind == "box":
            return record.sscc or record.name
        return record.display_name if kind == "product" else record.name

    @api.model
    def _scan_all_names(self, view):
        wanted = {("product", line.product) for line in view.lines}
        wanted |= {("box", box) for line in view.lines for box in (line.box, line.open_box)}
        wanted |= {("box", box.id) for box in view.boxes}
        return self._scan_names(wanted | {("box", view.session.box)}, view.names)

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
