import { registry } from "@web/core/registry";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { calendarView } from "@web/views/calendar/calendar_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useLiveTower } from "./live_tower";

/** Load records again; those that the user has chosen stay chosen. */
async function loadRecords(model) {
    if (model.root.isDomainSelected) {
        return;
    }
    const chosen = new Set(model.root.selection.map((record) => record.resId));
    await model.load();
    for (const record of model.root.records) {
        if (chosen.has(record.resId)) {
            record.toggleSelection(true);
        }
    }
}

export class TowerListController extends ListController {
    setup() {
        super.setup();
        useLiveTower(() => loadRecords(this.model));
    }
}

export class TowerKanbanController extends KanbanController {
    setup() {
        super.setup();
        useLiveTower(() => loadRecords(this.model));
    }
}

export class TowerCalendarController extends CalendarController {
    setup() {
        super.setup();
        useLiveTower(() => this.model.load());
    }
}

const views = registry.category("views");
views.add("fulfilment_tower_list", { ...listView, Controller: TowerListController });
views.add("fulfilment_tower_kanban", { ...kanbanView, Controller: TowerKanbanController });
views.add("fulfilment_tower_calendar", { ...calendarView, Controller: TowerCalendarController });
