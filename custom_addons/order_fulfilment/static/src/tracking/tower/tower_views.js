import { onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const CHANNEL = "order_fulfilment.tower";
// Many events at once, such as an import, are one reload; the server leaves out what happens within 1 s.
const DELAY_MS = 2000;

/** Reload the view's model soon after something happened to any order. */
function useLiveTower(controller) {
    const bus = useService("bus_service");
    let timer = null;
    const reload = () => {
        timer ??= browser.setTimeout(() => {
            timer = null;
            controller.model.load();
        }, DELAY_MS);
    };
    bus.addChannel(CHANNEL);
    bus.subscribe(`${CHANNEL}/changed`, reload);
    onWillUnmount(() => {
        browser.clearTimeout(timer);
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
