import { onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const CHANNEL = "order_fulfilment.tower";
// Many events at once, such as an import, are one reload.
const QUIET_MS = 1500;

/** Reload the view's model soon after something happened to any order. */
function useLiveTower(controller) {
    const bus = useService("bus_service");
    const reload = useDebounced(() => controller.model.load(), QUIET_MS);
    bus.addChannel(CHANNEL);
    bus.subscribe(`${CHANNEL}/changed`, reload);
    onWillUnmount(() => {
        bus.unsubscribe(`${CHANNEL}/changed`, reload);
        bus.deleteChannel(CHANNEL);
    });
}

export class TowerListController extends ListController {
    setup() {
        super.setup();
        useLiveTower(this);
    }
}

export class TowerKanbanController extends KanbanController {
    setup() {
        super.setup();
        useLiveTower(this);
    }
}

registry
    .category("views")
    .add("fulfilment_tower_list", { ...listView, Controller: TowerListController });
registry
    .category("views")
    .add("fulfilment_tower_kanban", { ...kanbanView, Controller: TowerKanbanController });
