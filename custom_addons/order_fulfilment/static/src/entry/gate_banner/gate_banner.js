import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Shows what the order gate would say on confirmation: one row per finding, with its one-click fix and, for those
 * who may, the override.
 */
export class GateBanner extends Component {
    static template = "order_fulfilment.GateBanner";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(async () => {
            this.mayOverride = await user.hasGroup("order_fulfilment.group_gate_override");
        });
    }

    get findings() {
        return this.props.record.data[this.props.name] || [];
    }

    get isConfirmed() {
        return this.props.record.data.state === "sale";
    }

    get blocking() {
        return this.findings.filter((finding) => this.blocks(finding));
    }

    get others() {
        return this.findings.filter((finding) => !this.blocks(finding));
    }

    blocks(finding) {
        return finding.severity === "block" && !finding.overridden;
    }

    async fix(finding) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        const result = await this.orm.call("sale.order", "fix_finding", [
            [record.resId],
            finding.key,
        ]);
        if (result && result.type) {
            await this.action.doAction(result, { onClose: () => record.load() });
        } else {
            await record.load();
        }
    }

    async override(finding) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        await this.action.doAction("order_fulfilment.order_override_grant_action", {
            additionalContext: {
                default_order_id: record.resId,
                default_key: finding.key,
                default_message: `[${finding.code}] ${finding.message}`,
            },
            onClose: () => record.load(),
        });
    }
}

registry.category("fields").add("gate_banner", {
    component: GateBanner,
    supportedTypes: ["jsonb", "json"],
});
