import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PERIOD_MS = 2000;

/** While it is shown, the record is read again every two seconds: for jobs that go on in the background. */
export class LiveReload extends Component {
    static template = xml`<span class="o_live_reload spinner-border spinner-border-sm me-2" role="presentation"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        let timer = 0;
        let isStopped = false;
        const reload = async () => {
            if (document.visibilityState === "visible") {
                await this.props.record.load();
            }
            if (!isStopped) {
                timer = browser.setTimeout(reload, PERIOD_MS);
            }
        };
        onMounted(() => (timer = browser.setTimeout(reload, PERIOD_MS)));
        onWillUnmount(() => {
            isStopped = true;
            browser.clearTimeout(timer);
        });
    }
}

registry.category("view_widgets").add("live_reload", { component: LiveReload });
