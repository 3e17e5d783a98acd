import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What the figures of window performance, slot utilisation, bottlenecks and flexibility mean. */
export class PerformanceDefinitions extends Component {
    static template = "jit_delivery.PerformanceDefinitions";
    static props = { ...standardActionServiceProps };
}

registry.category("actions").add("jit_delivery.performance_definitions", PerformanceDefinitions);
