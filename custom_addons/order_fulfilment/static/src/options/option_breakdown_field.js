import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { usePopover } from "@web/core/popover/popover_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class OptionBreakdownPopover extends Component {
    static template = "order_fulfilment.OptionBreakdownPopover";
    static props = {
        rows: Array,
        currencyId: { type: Number, optional: true },
        close: { type: Function, optional: true },
    };

    format(amount) {
        return formatCurrency(amount, this.props.currencyId);
    }
    get total() {
        return this.props.rows.reduce((sum, row) => sum + row.amount, 0);
    }
}

/** A button on the order line that opens the price of its options, row by row. */
export class OptionBreakdownField extends Component {
    static template = "order_fulfilment.OptionBreakdownField";
    static props = { ...standardFieldProps };

    setup() {
        this.popover = usePopover(OptionBreakdownPopover, { position: "bottom" });
    }
    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
    get label() {
        return _t("%s options", this.rows.filter((row) => row.value_id).length);
    }
    open(event) {
        const currencyId = this.props.record.data.currency_id?.id;
        this.popover.open(event.currentTarget, { rows: this.rows, currencyId });
    }
}

registry.category("fields").add("option_breakdown", {
    component: OptionBreakdownField,
    supportedTypes: ["json"],
});
