import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const DIALOG = ".o_sale_product_configurator_dialog";

/** A salesperson with a customer on the phone: two options that do not go together, and the way out. */
registry.category("web_tour.tours").add("order_fulfilment_options", {
    steps: () => [
        ...stepUtils.goToAppSteps("sale.sale_menu_root", "Open Sales"),
        { content: "New quotation", trigger: ".o_list_button_add", run: "click" },
        { content: "Customer", trigger: "div[name=partner_id] input", run: "edit Velo Test" },
        { trigger: ".ui-menu-item a:contains('Velo Test')", run: "click" },
        { content: "Add a line", trigger: "a:contains('Add a product')", run: "click" },
        { trigger: "div[name=product_template_id] input", run: "edit Test bike" },
        { trigger: "ul.ui-autocomplete a:contains('Test bike')", run: "click" },
        { content: "Speed", trigger: `${DIALOG} label:contains('Speed')`, run: "click" },
        {
            content: "What we filled in gave way, and says so",
            trigger: `${DIALOG} .o_option_moves:contains('400 → 500')`,
        },
        {
            content: "The small battery is greyed; tap it",
            trigger: `${DIALOG} .css_not_available:contains('400')`,
            run: "click",
        },
        {
            content: "The reason",
            trigger: `${DIALOG} .o_option_reason:contains('needs 500 Wh or more')`,
        },
        {
            content: "The way out, with its price",
            trigger: `${DIALOG} .o_option_apply:contains('300.00')`,
            run: "click",
        },
        { content: "Motor changed", trigger: `${DIALOG} .css_not_available:contains('Speed')` },
        { content: "Confirm", trigger: `${DIALOG} button:contains('Confirm')`, run: "click" },
        { trigger: `body:not(:has(${DIALOG}))` },
        ...stepUtils.saveForm(),
    ],
});
