{
    "name": "Order Fulfilment",
    "summary": "Customer order management from the first question to after-sales support",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Order Fulfilment contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "sale_management",
        "sale_stock",
        "stock_delivery",
        "stock_picking_batch",
        "repair",
        "barcodes_gs1_nomenclature",
        "portal",
        "rating",
        "resource",
    ],
    "external_dependencies": {"python": ["openpyxl", "xlrd"]},
    "data": [
        "security/order_fulfilment_groups.xml",
        "security/ir.model.access.csv",
        "security/tracking_rules.xml",
        "data/tracking_data.xml",
        "data/tracking_mail_data.xml",
        "views/tracking/order_status_templates.xml",
        "wizard/sale_order_promise_change_views.xml",
        "wizard/delivery_proof_take_views.xml",
        "views/tracking/delivery_proof_views.xml",
        "views/tracking/sale_order_views.xml",
        "views/invoicing/sale_invoice_calendar_views.xml",
        "views/tracking/sale_fulfilment_ledger_views.xml",
        "views/tracking/fulfilment_tower_views.xml",
        "views/tracking/fulfilment_service_views.xml",
        "views/res_config_settings_views.xml",
        # menus last: they name actions of the files above
        "views/order_fulfilment_menus.xml",
    ],
    "demo": [
        "demo/story_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "order_fulfilment/static/src/**/*",
        ],
        "web.assets_tests": [
            "order_fulfilment/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "order_fulfilment/static/tests/**/*.test.js",
        ],
    },
}
