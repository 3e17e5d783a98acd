from odoo import fields, models

from ...tools.zones import DAY, to_wall


class SaleOrder(models.Model):
    """A promise in plain values for clients, and in words in the time of the place of delivery."""

    _inherit = "sale.order"

    def action_choose_window(self):
        """Button: show the next windows with the reasons why earlier ones fail."""
        self.env["delivery.slot"]._check_may_book()
        self._check_one_to_promise()
        picker = self.env["delivery.window.picker"].create({"order_id": self.id})
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("jit_delivery.delivery_window_picker_action"),
            "res_id": picker.id,
        }

    def _offer_to_values(self, offer):
        return {
            "slot_id": offer.slot or False,
            "start": fields.Datetime.to_string(offer.window.start),
            "stop": fields.Datetime.to_string(offer.window.end),
            "local": self._window_to_text(offer.window),
            "is_possible": not offer.reasons,
            "reasons": [self._reason_to_text(reason) for reason in offer.reasons],
        }

    def _get_place_zone(self):
        """Return the zone in which the customer reads a window: of the address, else of the warehouse."""
        return self.partner_shipping_id.tz or self.warehouse_id._get_zone()

    def _window_to_text(self, window):
        zone = self._get_place_zone()
        begin, end = to_wall(zone, window.start), to_wall(zone, window.end)
        until = f"{end:%H:%M}" if end - begin <= DAY else f"{end:%a %d %b %H:%M}"
        return f"{begin:%a %d %b %H:%M}–{until} ({zone})"

    def _reason_to_text(self, reason):
        """Return ``reason`` in plain words, in the user's language and the customer's time."""
        if reason.until is None and (text := self._endless_to_text(reason)):
            return text
        texts = {
            "supply": self.env._("%(what)s arrives, ready %(when)s"),
            "assembly": self.env._("assembly of %(what)s is finished %(when)s"),
            "no_supply": self.env._("no stock and no supply of %(what)s"),
            "pick_pack": self.env._("picking and packing end %(when)s"),
            "cutoff": self.env._("the departure after the next cut-off is %(when)s"),
            "transit": self.env._("on the way until %(when)s"),
            "requested": self.env._("not asked for before %(when)s"),
            "closed": self.env._("the customer does not receive before %(when)s"),
            "full": self.env._("%(what)s is full"),
            "no_slot": self.env._("the next slot begins %(when)s"),
            "new_line": self.env._("%(what)s has no window yet"),
        }
        if reason.code == "no_supply" and self._is_never_made(reason.subject):
            return self.env._(
                "no stock and no supply of %s: it has a bill of materials, but no route makes it to order",
                self._subject_to_text(reason),
            )
        when = self._instant_to_text(reason.until)
        return texts[reason.code] % {"what": self._subject_to_text(reason), "when": when}

    def _endless_to_text(self, reason):
        """Return what a step says that found nothing within the horizon searched; "" for the other steps."""
        texts = {
            "closed": self.env._("the customer does not receive at that time"),
            "assembly": self.env._("assembly of %(what)s finds no free working time"),
            "pick_pack": self.env._("picking and packing find no free working time"),
            "cutoff": self.env._("no departure follows"),
            "no_slot": self.env._("no slot with room follows"),
        }
        return texts.get(reason.code, "") % {"what": self._subject_to_text(reason)}

    def _is_never_made(self, product):
        """Say whether a product with a bill of materials lacks stock: a planner forgot a route then."""
        product = self.env["product.product"].browse(product)
        return bool(self.env["delivery.promise"]._find_boms(product, self.warehouse_id))

    def _instant_to_text(self, instant):
        if instant is None:
            return self.env._("(not within the horizon searched)")
        wall = to_wall(self._get_place_zone(), instant)
        return f"{wall:%a %d %b %H:%M}"

    def _subject_to_text(self, reason):
        if reason.code == "full":
            slot_id, dimensions = reason.subject
            slot = self.env["delivery.slot"].browse(slot_id)
            begin = to_wall(self._get_place_zone(), slot.start)
            end = to_wall(self._get_place_zone(), slot.stop)
            return f"{begin:%a %d %b %H:%M}–{end:%H:%M} ({', '.join(dimensions)})"
        if reason.code in ("supply", "assembly", "no_supply", "new_line") and isinstance(reason.subject, int):
            return self.env["product.product"].browse(reason.subject).display_name
        return ""
