"""One order and everything that may happen to it, at random but repeatable: what the ledger is tried with."""

import random

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class Sequence:
    """An order of a random shape; `step` lets something happen to it and answers what.

    Steps that Odoo refuses change nothing: each runs in a savepoint.
    """

    STEPS = (
        *("ship", "ship", "ship", "scan", "cancel_transfer", "take_back", "take_back", "more", "less"),
        *("invoice", "invoice", "pay", "credit", "prove", "arrive", "cancel_order"),
    )

    def __init__(self, case, seed):
        self.case, self.env, self.rng = case, case.env, random.Random(seed)
        case.customer.invoice_trigger = self.rng.choice(("shipment", "proof"))
        self.order = case._create_order([], warehouse_id=self.rng.choice(case.warehouses).id)
        self.order.order_line = [
            Command.create(self._prepare_line()) for _line in range(self.rng.randint(1, 3))
        ]
        self.order.action_confirm()

    def _prepare_line(self):
        product = self.rng.choice(self.case.products)
        units = [product.uom_id]
        if product.uom_id == self.env.ref("uom.product_uom_unit"):
            units.append(self.env.ref("uom.product_uom_dozen"))
        values = {"product_id": product.id, "product_uom_id": self.rng.choice(units).id}
        if self.rng.random() < 0.3:  # from another warehouse than the rest
            values["route_ids"] = [Command.set(self.rng.choice(self.case.warehouses).delivery_route_id.ids)]
        return {**values, "product_uom_qty": self.rng.randint(1, 9)}

    def step(self):
        """Let one thing happen; answer its name, with what Odoo said against it."""
        name = self.rng.choice(self.STEPS)
        if name == "cancel_order" and self.rng.random() < 0.7:
            name = "ship"
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_{name}")()
                self.env.flush_all()
        except (UserError, ValidationError) as error:
            self.env.invalidate_all()
            return f"{name}: {str(error)[:60]}"
        return name

    def _pick(self, records):
        return records[self.rng.randrange(len(records))] if records else records

    def _open(self):
        return self.order.picking_ids.filtered(lambda item: item.state not in ("done", "cancel"))

    def _gone(self):
        return self.order.picking_ids.filtered("is_drop")

    def _ship(self):
        picking = self._pick(self._open().filtered(lambda item: item.state == "assigned"))
        for move in picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
            asked = int(move.product_uom_qty)
            done = asked if self.rng.random() < 0.5 else self.rng.randint(0, asked)
            move.write({"quantity": done, "picked": True})
        no_rest = picking.ids if self.rng.random() < 0.3 else []
        picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=no_rest).button_validate()

    def _scan(self):
        picking = self._pick(self._open().filtered(lambda item: item.state == "assigned"))
        for line in picking.move_line_ids[:1]:
            line.picked = not line.picked

    def _cancel_transfer(self):
        self._pick(self._open()).action_cancel()

    def _cancel_order(self):
        self.order._action_cancel()

    def _take_back(self):
        picking = self._pick(self.order.picking_ids.filtered(lambda item: item.state == "done"))
        if not picking:
            return
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id)
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            most = int(line.move_id.quantity)
            line.write({"quantity": self.rng.randint(0, most), "to_refund": self.rng.random() < 0.8})
        back = wizard._create_return()
        if self.rng.random() < 0.7:
            back.move_ids.picked = True
            back.with_context(skip_backorder=True).button_validate()

    def _more(self):
        self._pick(self.order.order_line).product_uom_qty += self.rng.randint(1, 4)

    def _less(self):
        line = self._pick(self.order.order_line)
        line.product_uom_qty = self.rng.randint(0, int(line.product_uom_qty))

    def _invoice(self):
        self.order._create_invoices(final=True).action_post()

    def _credit(self):
        invoice = self._pick(self._posted().filtered(lambda move: move.move_type == "out_invoice"))
        invoice._reverse_moves(cancel=self.rng.random() < 0.5)
        self.order.invoice_ids.filtered(lambda move: move.state == "draft").action_post()

    def _posted(self):
        return self.order.invoice_ids.filtered(lambda move: move.state == "posted")

    def _pay(self):
        invoice = self._pick(self._posted().filtered("amount_residual"))
        if invoice:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            share = self.rng.choice((0.33, 0.5, 1))
            wizard.create({"amount": round(invoice.amount_residual * share, 2)})._create_payments()

    def _prove(self):
        drop = self._pick(self._gone())
        lines = []
        for move in drop.move_ids.filtered(lambda move: move.state == "done"):
            left = int(move._get_quantity_unproven())
            refused = self.rng.randint(0, left) if self.rng.random() < 0.5 else 0
            lines.append(
                {"move_id": move.id, "delivered": left - refused, "refused": refused, "reason": "other"}
            )
        if drop:
            key = f"{drop.id}-{self.rng.random()}"
            self.env["delivery.proof"].register(key, drop.id, {"signer": "Weber"}, lines)

    def _arrive(self):
        self._pick(self._gone()).action_arrived()
