import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const REASONS = {
    vat: _t("same VAT number"),
    name: _t("nearly the same name"),
    address: _t("same address"),
    phone: _t("same phone"),
    email: _t("same mail address"),
};

/** Offers customers that look like the one being entered, before a second one is made. */
export class SimilarCustomers extends Component {
    static template = "order_fulfilment.SimilarCustomers";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get customers() {
        return this.props.record.data[this.props.name] || [];
    }

    reasons(customer) {
        return customer.reasons.map((reason) => REASONS[reason] || reason).join(", ");
    }

    async open(customer) {
        await this.props.record.discard();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: customer.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("similar_customers", {
    component: SimilarCustomers,
    supportedTypes: ["jsonb", "json"],
});

/** Lists what is still missing on a customer, each with the reason why it is asked for. */
export class CustomerMissing extends Component {
    static template = "order_fulfilment.CustomerMissing";
    static props = { ...standardFieldProps };

    get items() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("customer_missing", {
    component: CustomerMissing,
    supportedTypes: ["jsonb", "json"],
});
