import { onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";

/** The pivot of service figures, with what each figure means one click away. */
export class ServicePivotRenderer extends PivotRenderer {
    static template = "order_fulfilment.ServicePivot";

    setup() {
        super.setup();
        const orm = useService("orm");
        this.definitions = useState({ list: [] });
        onWillStart(async () => {
            this.definitions.list = await orm.call(
                "fulfilment.service.sheet",
                "get_definitions",
                [],
            );
        });
    }
}

registry
    .category("views")
    .add("fulfilment_service_pivot", { ...pivotView, Renderer: ServicePivotRenderer });
