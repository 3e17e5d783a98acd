import { registry } from "@web/core/registry";
import { GraphController } from "@web/views/graph/graph_controller";
import { graphView } from "@web/views/graph/graph_view";
import { useLiveTower } from "../tower/live_tower";

export class TowerGraphController extends GraphController {
    setup() {
        super.setup();
        useLiveTower(() => this.env.searchModel.search());
    }
}

registry
    .category("views")
    .add("fulfilment_tower_graph", { ...graphView, Controller: TowerGraphController });
