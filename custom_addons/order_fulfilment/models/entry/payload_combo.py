"""Lines of a payload that order a combo: a heading, and one line for each of its choices."""

from odoo import models


class ComboReader:
    """Part of :class:`PayloadReader`: which item is meant by each choice of a combo."""

    def _read_combo(self, path, line, values, template):
        """Return the values of the heading, {} if a choice is open or unknown; its items go to ``parts``.

        Odoo prices an item by its heading, which has to be there before.
        """
        if line.get("price") is not None:
            self._error(
                "OF-SUB-026", f"{path}.price", f"{template.name} has the price of its choices: omit it."
            )
        wanted = {name.strip().casefold(): (name, item) for name, item in (line.get("options") or {}).items()}
        combos = template.sudo().combo_ids  # as in Odoo: who may sell a combo may sell what is in it
        items = [
            self._combo_item(path, combo, wanted.pop(combo.name.strip().casefold(), None)) for combo in combos
        ]
        for name, item in wanted.values():
            text = f"{template.name} has no choice {name!r} = {item!r}."
            self._error("OF-SUB-023", f"{path}.options.{name}", text)
        if not all(items):
            return {}
        number = f"payload-{path}"
        part = {name: value for name, value in values.items() if name not in ("name", "product_id")}
        self.parts += [
            {**part, "product_id": item.product_id.id, "combo_item_id": item.id, "linked_virtual_id": number}
            for item in items
        ]
        return {**values, "virtual_id": number}

    def _combo_item(self, path, combo, wanted):
        """Return the item of ``combo`` that is called so; its only one needs no choice."""
        name, code = wanted or ("", "")
        items = combo.combo_item_ids
        if not code:
            if len(items) != 1:
                self._error("OF-SUB-025", f"{path}.options", f"choose {combo.name}.")
            return items if len(items) == 1 else None
        code, typed = code.strip().casefold(), code
        codes = ("default_code", "barcode", "name")
        found = items.filtered(
            lambda item: code in {(item.product_id[key] or "").casefold() for key in codes}
        )
        if len(found) != 1:
            self._error("OF-SUB-023", f"{path}.options.{name}", f"{combo.name} has no choice {typed!r}.")
        return found if len(found) == 1 else None


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _add_combo_items(self, parts):
        """Add the items (values as in ``PayloadReader.parts``) under the headings they name."""
        headings = {line.virtual_id: line for line in self.order_line if line.virtual_id}
        rows = [
            {**part, "order_id": self.id, "linked_line_id": headings[part["linked_virtual_id"]].id}
            for part in parts
        ]
        items = self.env["sale.order.line"].create(rows)
        lines = self.order_line - items
        ordered = [line for heading in lines for line in (heading, *items & heading.linked_line_ids)]
        for number, line in enumerate(ordered):
            line.sequence = number
