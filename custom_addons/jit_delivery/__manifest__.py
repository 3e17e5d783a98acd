{
    "name": "JIT Delivery",
    "summary": "Receiving windows, slots with capacity, and delivery promises that hold",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Order Fulfilment contributors",
    "license": "LGPL-3",
    "application": True,
    "post_load": "post_load",
    "depends": ["order_fulfilment", "sale_mrp", "stock_fleet", "resource"],
    "data": [
        "security/jit_delivery_groups.xml",
        "security/ir.model.access.csv",
        "security/jit_delivery_rules.xml",
        "data/slots_data.xml",
        "views/res_config_settings_views.xml",
        "views/windows/res_partner_views.xml",
        "views/slots/delivery_slot_views.xml",
        "views/slots/delivery_slot_template_views.xml",
        "views/slots/delivery_slot_hold_views.xml",
        "wizard/delivery_window_picker_views.xml",
        "wizard/delivery_change_ask_views.xml",
        "views/flexibility/delivery_change_request_views.xml",
        "report/delivery_slot_load_views.xml",
        "views/slots/sale_order_views.xml",
        "views/promise/delivery_cutoff_views.xml",
        "views/promise/stock_warehouse_views.xml",
        "views/assembly/mrp_production_views.xml",
        # menus last: they name actions of the files above
        "views/jit_delivery_menus.xml",
    ],
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
