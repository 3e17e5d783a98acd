/** Where a counted line goes: into the bin of its transfer, or into the carton that was planned for it. */

import { number, REF, verdict } from "./scan_verdict";

export function binWords(view, line) {
    return { bin: line.box ? REF("box", line.box) : String(view.bins[line.transfer] || "") };
}

/** Nothing is left to count: what nobody holds goes on into its bin; without one the desk has cut it. */
export function allCounted(view, lines) {
    const line = lines.find((found) => !view.isHeld(found));
    if (!line) {
        const scanned = REF("product", lines[0].product);
        const place = REF("place", view.nextLine().place);
        return verdict(view, "complete_here", { scanned, place });
    }
    const words = { ...binWords(view, line), wanted: number(line.wanted) };
    if (view.hasGoal(line)) {
        const session = { ...view.session, line: line.id };
        return verdict(view, line.box ? "to_carton" : "to_bin", words, { session });
    }
    const session = { ...view.session, place: line.place, line: null };
    return verdict(view, "recounted", words, { change: ["finish", line.id, 0, null], session });
}

/** The carton that was planned for this line and no other. */
function intoCarton(view, line, read) {
    if (read.kind === "box" && read.id === line.box) {
        const change = ["finish", line.id, 0, null];
        return verdict(view, "line_done", {}, { change, session: { ...view.session, line: null } });
    }
    const words = { ...binWords(view, line), product: REF("product", line.product) };
    return verdict(
        view,
        ["bin", "box"].includes(read.kind) ? "wrong_carton" : "carton_first",
        words,
    );
}

export function intoBin(view, line, read) {
    if (line.box) {
        return intoCarton(view, line, read);
    }
    const box = view.boxes.find((found) => found.id === read.id);
    const inBin = read.kind === "bin" && read.id === view.bins[line.transfer];
    const inBox = read.kind === "box" && (!box || box.transfer === line.transfer);
    if (inBin || inBox) {
        const change = ["finish", line.id, 0, inBox ? read.id : null];
        return verdict(view, "line_done", {}, { change, session: { ...view.session, line: null } });
    }
    const words = { ...binWords(view, line), product: REF("product", line.product) };
    return verdict(view, ["bin", "box"].includes(read.kind) ? "wrong_bin" : "bin_first", words);
}
