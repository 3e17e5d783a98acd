import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** One field for any number the caller has, and the post code; Enter opens the customer's card. */
export class CallerDesk extends Component {
    static template = "order_fulfilment.CallerDesk";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ query: "", zip: "", searched: false, busy: false, card: null });
        useAutofocus({ refName: "query" });
    }

    async find() {
        this.state.busy = true;
        try {
            const answer = await this.orm.call("caller.desk", "find", [
                this.state.query,
                this.state.zip,
            ]);
            this.state.card = answer.found ? answer.card : null;
            this.state.searched = true;
        } finally {
            this.state.busy = false;
        }
    }

    clear() {
        Object.assign(this.state, { query: "", zip: "", searched: false, card: null });
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** A ticket by telephone: customer and order are filled in, the form asks for the rest. */
    openTicket(order) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "after.sales.ticket",
            views: [[false, "form"]],
            context: {
                default_partner_id: this.state.card.customer.id,
                default_sale_order_id: order ? order.id : false,
                ticket_clue: order ? false : this.state.query,
                default_channel: "phone",
            },
        });
    }

    promised(order) {
        return order.promised
            ? formatDateTime(deserializeDateTime(order.promised), { showSeconds: false })
            : "";
    }

    isAsked(order) {
        return this.state.card.order.id === order.id;
    }
}

registry.category("actions").add("order_fulfilment.caller_desk", CallerDesk);
