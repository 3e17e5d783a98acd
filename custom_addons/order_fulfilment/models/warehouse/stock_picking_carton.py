from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.cartonize import cartonize
from ...tools.warehouse.packing_list import Goods, count_off, packing_list, refused_lines

POLICIES = [
    ("manual", "By button"),
    ("propose", "Propose as soon as all is reserved"),
    ("pack", "Propose and pick into them"),
]


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    carton_policy = fields.Selection(
        POLICIES, "Cartons", default="manual", required=True, help="When cartons are proposed for a transfer."
    )

    def _is_asking_on_reservation(self):
        """Whether anything of ours happens when a transfer of this type is reserved."""
        return self.carton_policy != "manual" or self.is_joining_late


class StockPicking(models.Model):
    """Cartons of a transfer: gathers its lines for :mod:`...tools.cartonize` and applies the proposal."""

    _inherit = "stock.picking"

    carton_ids = fields.One2many("stock.carton", "picking_id", "Cartons", readonly=True, copy=False)
    carton_count = fields.Integer(compute="_compute_carton_count")
    carton_problems = fields.Json(readonly=True, copy=False)
    carton_notes = fields.Html(compute="_compute_carton_notes")
    carton_pictures = fields.Html(compute="_compute_carton_pictures", sanitize=False)
    is_picked_into_cartons = fields.Boolean(compute="_compute_carton_count")

    @api.depends("carton_ids.package_id")
    def _compute_carton_count(self):
        for picking in self:
            picking.carton_count = len(picking.carton_ids)
            picking.is_picked_into_cartons = bool(picking.carton_ids.package_id)

    @api.depends("carton_ids.placements", "carton_ids.package_id")
    def _compute_carton_pictures(self):
        for picking in self:
            picking.carton_pictures = picking.carton_ids._cards()

    def action_propose_cartons(self):
        """Propose cartons for what is reserved and not packed yet; an earlier proposal is replaced."""
        self.check_access("write")
        for picking in self:
            picking._check_cartons_open()
            if not picking._carton_lines():
                raise UserError(
                    self.env._(
                        "[OF-WH-041] Nothing of %s is reserved and unpacked: check availability, then "
                        "propose again.",
                        picking.name,
                    )
                )
            if not picking._carton_types():
                raise UserError(
                    self.env._(
                        '[OF-WH-040] No package type may be proposed for %s: tick "Propose as carton" on '
                        "one in Warehouse / Package Types.",
                        picking.name,
                    )
                )
        for picking in self:
            picking._propose_cartons()
        return True

    def action_pick_into_cartons(self):
        """Make each proposed carton a package and split the pick lines, so that each names its carton."""
        self.check_access("write")
        for picking in self:
            picking._check_cartons_open()
            if picking._is_carton_proposal_stale():
                picking.action_propose_cartons()
            picking.carton_ids._make_packages()
        return True

    def action_clear_cartons(self):
        """Take the proposal back; lines that are not picked yet leave their packages."""
        self.check_access("write")
        for picking in self:
            if picking.state in ("done", "cancel"):
                raise UserError(self.env._("[OF-WH-043] %s is closed: its cartons stay.", picking.name))
            picking.carton_ids._dissolve()
            picking.carton_problems = False
        return True

    def get_cartons(self):
        """For programs: proposed cartons with what lies where, and what could not be packed and why."""
        self.ensure_one()
        self.check_access("read")
        return {
            "transfer": self.name,
            "is_current": not self._is_carton_proposal_stale(),
            "cartons": [carton._as_json() for carton in self.carton_ids],
            "problems": self._carton_problem_rows(),
        }

    # -- gather --------------------------------------------------------------------------------------------
    def _check_cartons_open(self):
        if self.state in ("done", "cancel") or self.picking_type_code == "incoming":
            raise UserError(
                self.env._("[OF-WH-042] Cartons are proposed for open deliveries; %s is none.", self.name)
            )
        if self.is_picked_into_cartons:
            raise UserError(
                self.env._("[OF-WH-044] %s is picked into its cartons already: clear them first.", self.name)
            )

    def _carton_lines(self):
        """Reserved lines that are in no package and not begun, in picking order."""
        lines = self.move_line_ids.filtered(
            lambda line: (
                line.quantity > 0 and not line.result_package_id and not line.picked and not line.qty_scanned
            )
        )
        return lines._in_pick_order()

    def _carton_types(self):
        kinds = self.env["stock.package.type"].search(
            [("is_carton", "=", True), ("company_id", "in", (False, self.company_id.id))]
        )
        carrier = self.carrier_id.delivery_type
        return kinds.filtered(lambda kind: kind.package_carrier_type in (False, "none", carrier))

    def _prepare_goods(self, line):
        product = line.product_id
        tags, apart = product._pack_tags()
        return Goods(
            line.id,
            product.id,
            line.quantity_product_uom,
            product._pack_piece(),
            product._pack_box(line.move_id.packaging_uom_id),
            product.is_upright,
            product.is_fragile,
            tags,
            apart,
        )

    # -- decide and apply ----------------------------------------------------------------------------------
    def _propose_cartons(self):
        self.ensure_one()
        goods = packing_list([self._prepare_goods(line) for line in self._carton_lines()])
        kinds = [kind._prepare_carton_type() for kind in self._carton_types()]
        proposal = cartonize(goods.items, kinds)
        shares = count_off(proposal.cartons, goods.waiting)
        self.carton_ids.unlink()
        self.env["stock.carton"].create(
            [
                self._prepare_carton(number, carton, share)
                for number, (carton, share) in enumerate(zip(proposal.cartons, shares, strict=True), 1)
            ]
        )
        problems = [*goods.problems, *refused_lines(proposal.refused, goods.waiting)]
        self.carton_problems = [[line, code] for line, code in problems] or False

    def _prepare_carton(self, number, carton, share):
        lines = self.env["stock.move.line"]
        return {
            "picking_id": self.id,
            "sequence": number,
            "package_type_id": carton.type.key,
            "weight": carton.weight,
            "fill": carton.fill,
            "placements": [[*place.key, *place.position, *place.size] for place in carton.placements],
            "line_ids": [
                Command.create(
                    {
                        "move_line_id": line,
                        "product_id": lines.browse(line).product_id.id,
                        "quantity": quantity,
                    }
                )
                for line, quantity in share.items()
            ],
        }

    def _is_carton_proposal_stale(self):
        """Whether the reserved goods have changed since the proposal, or there is none."""
        self.ensure_one()
        if self.is_picked_into_cartons:
            return False
        proposed = {}
        for line in self.carton_ids.line_ids:
            proposed[line.move_line_id] = proposed.get(line.move_line_id, 0.0) + line.quantity
        left_out = {line for line, code in self.carton_problems or [] if code != "no_weight"}
        lines = self._carton_lines().filtered(lambda line: line.id not in left_out)
        return (
            not self.carton_ids
            or set(proposed) != set(lines)
            or any(
                line.product_id.uom_id.compare(line.quantity_product_uom, proposed[line]) for line in lines
            )
        )

    def _propose_cartons_where_asked(self):
        """What the operation type asks for on reservation; nothing here may stand in the way of reserving."""
        for picking in self:
            policy = picking.picking_type_id.carton_policy
            ready = picking.state == "assigned" and picking.picking_type_code != "incoming"
            if policy == "manual" or not ready or picking.is_picked_into_cartons:
                continue
            if picking._carton_types() and picking._is_carton_proposal_stale() and picking._carton_lines():
                picking._propose_cartons()
                if policy == "pack":
                    picking.carton_ids._make_packages()
