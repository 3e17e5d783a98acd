/** Loading: the last third of the rules. */

import { REF, verdict } from "./scan_verdict";

function loadDock(view, key, dock) {
    const session = { ...view.session, dock: key };
    return key in view.docks
        ? verdict(view, "dock_ok", { dock }, { session })
        : verdict(view, "wrong_dock", { dock });
}

export function judgeLoad(view, read) {
    const left = view.boxes.filter((box) => !box.loaded);
    const dock = Object.values(view.docks).join(", ");
    const key = { place: `location-${read.id}`, dock: read.id }[read.kind];
    if (key) {
        return loadDock(view, key, dock);
    }
    if (read.kind === "command") {
        const finishes = ["confirm", "close"].includes(read.id);
        return verdict(view, finishes ? "not_loaded" : "not_now", { count: String(left.length) });
    }
    if (Object.keys(view.docks).length && !(view.session.dock in view.docks)) {
        return verdict(view, "dock_first", { dock });
    }
    return read.kind === "box" ? loadBox(view, read, left) : verdict(view, "scan_label");
}

function loadBox(view, read, left) {
    const box = view.boxes.find((found) => found.id === read.id);
    if (!box || box.loaded) {
        return verdict(view, box ? "already_loaded" : "wrong_package", {
            box: REF("box", read.id),
        });
    }
    const words = { count: String(left.length - 1) };
    return verdict(view, left.length > 1 ? "loaded" : "all_loaded", words, {
        change: ["load", box.id],
    });
}
