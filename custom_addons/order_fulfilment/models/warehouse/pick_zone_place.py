from odoo import models
from odoo.exceptions import UserError

HIGHEST = 1000  # levels


class PickZone(models.Model):
    """Places of locations from another system's layout."""

    _inherit = "pick.zone"

    def place_locations(self, rows):
        """Say where locations lie: all rows or none; see docs/api/packing.md."""
        self.ensure_one()
        self.check_access("write")
        if not isinstance(rows, list | tuple):
            raise UserError(self.env._("[OF-WH-008] Rows are a list of objects, one for each location."))
        found, wrong, known = [], [], set()
        for number, row in enumerate(rows, 1):
            try:
                found.append(self._read_place(row))
                self._check_once(found[-1][0], known)
            except ValueError as error:
                wrong.append(self.env._("Row %(number)s: %(problem)s", number=number, problem=error))
        if wrong:
            raise UserError(self.env._("[OF-WH-008] %s", "\n".join(wrong)))
        for location, values in found:
            location.write(values)
        return {"placed": len(found)}

    def _check_once(self, location, known):
        if location in known:
            raise ValueError(self.env._("location “%s” was placed by a row before.", location.display_name))
        known.add(location)

    def _read_place(self, row):
        """``(location, its values)`` of one row; a ValueError says what is wrong with it."""
        if not isinstance(row, dict):
            raise ValueError(self.env._("must be an object with location, aisle and position."))
        if self._is_graph():
            return self._read_node_place(row)
        name, aisle_name = str(row.get("location") or ""), str(row.get("aisle") or "")
        location = self._find_location(name)
        aisle = self.aisle_ids.filtered(lambda aisle: aisle.name == aisle_name)
        if len(location) != 1:
            raise ValueError(self.env._("there is no location with barcode or full name “%s”.", name))
        if len(aisle) != 1:
            raise ValueError(
                self.env._("zone %(zone)s has no aisle “%(aisle)s”.", zone=self.name, aisle=aisle_name)
            )
        return location, {
            "pick_aisle_id": aisle.id,
            "pick_node_id": False,
            "pick_position": self._read_position(row.get("position")),
            "pick_level": self._read_level(row.get("level", 0)),
        }

    def _read_node_place(self, row):
        name, place = str(row.get("location") or ""), str(row.get("place") or "")
        location = self._find_location(name)
        node = self.node_ids.filtered(lambda node: node.name == place)
        if len(location) != 1:
            raise ValueError(self.env._("there is no location with barcode or full name “%s”.", name))
        if not node:
            raise ValueError(
                self.env._("zone %(zone)s has no place “%(place)s”.", zone=self.name, place=place)
            )
        level = self._read_level(row.get("level", 0))
        return location, {"pick_node_id": node.id, "pick_aisle_id": False, "pick_level": level}

    def _find_location(self, name):
        company = [("company_id", "in", (False, self.company_id.id))]
        found = self.env["stock.location"].search([("barcode", "=", name), *company], limit=2)
        return found or self.env["stock.location"].search([("complete_name", "=", name), *company], limit=2)

    def _read_position(self, value):
        ends = self.crossing_ids.mapped("y") or [0.0]
        try:
            position = float(value)
        except (TypeError, ValueError):
            raise ValueError(self.env._("position “%s” is no number of metres.", value)) from None
        if not min(ends) <= position <= max(ends):
            raise ValueError(
                self.env._(
                    "position %(position)s lies outside the aisle, which runs from %(low)g to %(high)g.",
                    position=position,
                    low=min(ends),
                    high=max(ends),
                )
            )
        return position

    def _read_level(self, value):
        try:
            level = int(value)
        except (TypeError, ValueError, OverflowError):
            level = None
        if level is None or abs(level) > HIGHEST:
            raise ValueError(self.env._("level “%s” is no whole number.", str(value)[:40]))
        return level
