from odoo.fields import Command

from .common import OrderFulfilmentCase


class OptionsCase(OrderFulfilmentCase):
    """A configurable bike: frame (variant, dynamic), motor and battery, and extras of which any number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.frame = cls._attribute("Frame", "dynamic", ["Low", "High"])
        cls.motor = cls._attribute("Motor", "no_variant", ["City", "Speed"])
        cls.battery = cls._attribute("Battery", "no_variant", ["400", "500", "700"])
        cls.extras = cls._attribute("Extras", "no_variant", ["Rack", "Basket"], display_type="multi")
        cls.bike = cls._bike("Test bike")
        cls.rules = cls.env["option.rule.set"].create(
            {"name": "Bike rules", "product_tmpl_ids": [Command.set(cls.bike.ids)]}
        )
        cls.order = cls._create_order([])

    @classmethod
    def _attribute(cls, name, create_variant, values, display_type="radio"):
        return cls.env["product.attribute"].create(
            {
                "name": name,
                "create_variant": create_variant,
                "display_type": display_type,
                "value_ids": [
                    Command.create({"name": v, "option_code": f"{name[:3].upper()}-{v}"}) for v in values
                ],
            }
        )

    @classmethod
    def _bike(cls, name):
        attributes = (cls.frame, cls.motor, cls.battery, cls.extras)
        return cls.env["product.template"].create(
            {
                "name": name,
                "list_price": 1000.0,
                "is_storable": True,
                "taxes_id": [Command.clear()],
                "attribute_line_ids": [
                    Command.create({"attribute_id": a.id, "value_ids": [Command.set(a.value_ids.ids)]})
                    for a in attributes
                ],
            }
        )

    @classmethod
    def _value(cls, name):
        attributes = cls.frame | cls.motor | cls.battery | cls.extras
        return attributes.value_ids.filtered(lambda value: value.name == name)

    @classmethod
    def _ptav(cls, name, template=None):
        template = template or cls.bike
        return template.attribute_line_ids.product_template_value_ids.filtered(lambda v: v.name == name)

    @classmethod
    def _rule(cls, kind, then, condition=(), **values):
        def terms(role, sides):
            return [
                Command.create({"role": role, "value_ids": [Command.set([cls._value(n).id for n in names])]})
                for names in sides
            ]

        return cls.env["option.rule"].create(
            {
                "name": f"{kind} {then}",
                "set_id": cls.rules.id,
                "kind": kind,
                "term_ids": [*terms("condition", condition), *terms("term", then)],
                **values,
            }
        )

    @classmethod
    def _speed_needs_big_battery(cls):
        rule = cls._rule(
            "requires", [["500", "700"]], [["Speed"]], message="The Speed motor needs 500 Wh or more."
        )
        cls.rules.action_release()
        return rule

    def _add_line(self, *names, order=None, template=None, quantity=1):
        order = order or self.order
        line = order.create_option_line((template or self.bike).id, list(names), quantity)
        return self.env["sale.order.line"].browse(line)
