"""A configurable bike with rules, made over RPC, and the dialog in which it is chosen."""

import itertools

DIALOG = ".o_sale_product_configurator_dialog "
_numbers = itertools.count(1)


class Bike:
    """Frame, motor, battery (one of them taken n times), and the rule that Speed needs 500 Wh."""

    REASON = "The Speed motor needs 500 Wh or more."

    def __init__(self, server):
        self.server = server
        self.name = f"E2E bike {next(_numbers)}"
        self.classes = {
            "Frame": self._attribute("Frame", "Low", "High"),
            "Motor": self._attribute("Motor", "City", "Speed"),
            "Battery": self._attribute("Battery", "400 Wh", "500 Wh", "Spare"),
        }
        spare = self.value("Spare")
        self._write("product.attribute.value", spare, {"is_custom": True, "is_option_quantity": True})
        lines = [[0, 0, {"attribute_id": a, "value_ids": [[6, 0, ids]]}] for a, ids in self.classes.values()]
        vals = {"name": self.name, "list_price": 1000, "taxes_id": [], "attribute_line_ids": lines}
        self.id = self._create("product.template", {**vals, "type": "consu"})
        self.extra("Speed", 300)
        self.extra("Spare", 50)
        self.rules = self._create(
            "option.rule.set", {"name": self.name, "product_tmpl_ids": [[6, 0, [self.id]]]}
        )
        self.rule = self.requires("Speed", "500 Wh", self.REASON)
        self.release()
        partner = self._create("res.partner", {"name": f"{self.name} customer"})
        self.order = self._create("sale.order", {"partner_id": partner})

    def _attribute(self, name, *values):
        options = [[0, 0, {"name": v, "option_code": v.upper().replace(" ", "-")}] for v in values]
        vals = {"name": name, "create_variant": "no_variant", "display_type": "pills", "value_ids": options}
        id_ = self._create("product.attribute", vals)
        return id_, self.server.rpc("product.attribute", "read", [[id_], ["value_ids"]])[0]["value_ids"]

    def value(self, name) -> int:
        ids = [id_ for _attribute, values in self.classes.values() for id_ in values]
        return self.server.rpc(
            "product.attribute.value", "search", [[("id", "in", ids), ("name", "=", name)]]
        )[0]

    def extra(self, name, price):
        domain = [("product_tmpl_id", "=", self.id), ("product_attribute_value_id", "=", self.value(name))]
        found = self.server.rpc("product.template.attribute.value", "search", [domain])
        self._write("product.template.attribute.value", found[0], {"price_extra": price})

    def requires(self, condition, *values, message=""):
        message = values[-1] if len(values) > 1 else message
        terms = [
            [0, 0, {"role": "condition", "value_ids": [[6, 0, [self.value(condition)]]]}],
            [0, 0, {"role": "term", "value_ids": [[6, 0, [self.value(values[0])]]]}],
        ]
        vals = {"name": condition, "set_id": self.rules, "kind": "requires", "term_ids": terms}
        return self._create("option.rule", {**vals, "message": message})

    def release(self):
        self.server.rpc("option.rule.set", "action_release", [[self.rules]])

    def _create(self, model, vals) -> int:
        return self.server.rpc(model, "create", [[vals]])[0]

    def _write(self, model, id_, vals):
        self.server.rpc(model, "write", [[id_], vals])


def open_dialog(page, bike):
    """Open the quotation of ``bike`` and its configurator by adding the product to a line."""
    page.goto(f"{bike.server.url}/odoo/sales/{bike.order}")
    page.click("a:has-text('Add a product')")
    page.fill("div[name=product_template_id] input", bike.name)
    page.click(f".o-autocomplete--dropdown-item:has-text('{bike.name}')")
    page.wait_for_selector(DIALOG + ".o_option_messages", state="attached")


def tap(page, name):
    """Tap a value and wait until the server's answer is drawn."""
    with page.expect_response(lambda response: "/order_fulfilment/options/choose" in response.url) as answer:
        page.click(f"{DIALOG}label:has-text('{name}')")
    answer.value.finished()
    drawn = "setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 100)"
    page.evaluate(f"() => new Promise((resolve) => {drawn})")


def is_greyed(page, name) -> bool:
    return page.locator(f"{DIALOG}label.css_not_available:has-text('{name}')").count() == 1
