from odoo.tests import tagged
import odoo.addons.sale.tests.test_sale_order as a
import odoo.addons.sale.tests.test_sale_prices as b
import odoo.addons.sale.tests.test_sale_product_attribute_value_config as c
import odoo.addons.sale_stock.tests.test_sale_stock as d
import odoo.addons.product.tests.test_product_attribute_value_config as e
import odoo.addons.sale.tests.test_product_configurator_data as f
import odoo.addons.sale.tests.test_sale_combo_configurator as g
import unittest, inspect

for m in (a, b, c, d, e, f, g):
    for n, k in inspect.getmembers(m, inspect.isclass):
        if (
            issubclass(k, unittest.TestCase)
            and k.__module__ == m.__name__
            and any(x.startswith("test") for x in dir(k))
        ):
            globals()["ZZ" + n] = tagged("post_install", "-at_install", "zzcore")(
                type("ZZ" + n, (k,), {"allow_inherited_tests_method": True, "__module__": __name__})
            )
del k
