{
    "name": "JIT Delivery",
    "summary": "Receiving windows, slots with capacity, and delivery promises that hold",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Order Fulfilment contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["order_fulfilment", "sale_mrp", "stock_fleet", "resource"],
    "data": [
        "security/jit_delivery_groups.xml",
        "security/ir.model.access.csv",
        "views/res_config_settings_views.xml",
        # menus last: they name actions of the files above
        "views/jit_delivery_menus.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": [
            "jit_delivery/static/src/**/*",
        ],
        "web.assets_tests": [
            "jit_delivery/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jit_delivery/static/tests/**/*.test.js",
        ],
    },
}
