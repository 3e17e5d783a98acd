// long: one rule per kind of scan, next to its twin in tools/warehouse/scan_rules.py
/**
 * What a scan means: the same rules as tools/warehouse/scan_rules.py, for the device; tests/e2e compares the two
 * on random tasks and scans. The server judges again; its word is the last.
 */

import { EPSILON } from "./scan_view";
import { judgeLoad } from "./scan_rules_load";
import { judgePack } from "./scan_rules_pack";
import { allCounted, binWords, intoBin } from "./scan_rules_bin";
import { amount, lotFault, number, ofLot, REF, unknown, verdict } from "./scan_verdict";

/** @returns {{code: string, words: Object, session: Object, change: Array|undefined}} */
export function judge(view, read) {
    if (read.kind === "unreadable") {
        return verdict(view, "unreadable", { problem: read.text });
    }
    return { pick, pack: judgePack, load: judgeLoad, confirm, done }[view.phase](view, read);
}

function confirm(view, read) {
    const confirmed = read.kind === "command" && read.id === "confirm";
    return verdict(
        view,
        confirmed ? "confirmed" : "confirm_first",
        {},
        confirmed ? { change: ["confirm"] } : {},
    );
}

function done(view) {
    return verdict(view, "nothing_left");
}

function pick(view, read) {
    const pending = view.pending();
    if (pending) {
        return intoBin(view, pending, read);
    }
    const rules = { command: pickCommand, place: pickPlace, goods: pickGoods, box: pickPackage };
    const rule = rules[read.kind];
    if (rule) {
        return rule(view, read);
    }
    if (["bin", "new_box"].includes(read.kind)) {
        return verdict(view, "goods_first", { product: REF("product", view.nextLine().product) });
    }
    return unknown(view, read);
}

function pickPlace(view, read) {
    const here = view.openLines.filter((line) => line.place === read.id);
    if (!here.length) {
        const words = {
            scanned: REF("place", read.id),
            place: REF("place", view.nextLine().place),
        };
        return verdict(view, "wrong_location", words);
    }
    const skipped = view.session.skipped.filter((id) => !here.some((line) => line.id === id));
    const arrived = { ...view.session, place: read.id, line: null };
    const next = view.with({ session: arrived }).nextLine();
    const line = next.place === read.id ? next : here[0];
    const session = { ...arrived, skipped };
    return verdict(view, "location_ok", { product: REF("product", line.product) }, { session });
}

function pickGoods(view, read) {
    const [place, target] = [view.place(), view.nextLine()];
    const scanned = REF("product", read.product);
    const at = (line, where) => line.place === where && line.product === read.product;
    const fitting = view.openLines.filter((line) => at(line, place));
    const stands = place || view.session.place;
    const isComplete = !fitting.length && view.lines.some((line) => at(line, stands));
    if (isComplete && target.place !== stands) {
        return verdict(view, "complete_here", { scanned, place: REF("place", target.place) });
    }
    if (!place) {
        return verdict(view, "location_first", { place: REF("place", target.place) });
    }
    if (!fitting.length) {
        return verdict(view, "wrong_product", { scanned, product: REF("product", target.product) });
    }
    return lotFault(view, read, fitting) || take(view, read, ofLot(read, fitting));
}

/** Count on the line in hand, or else the first that wants as much as was scanned. */
function take(view, read, found) {
    const rank = (line) => 2 * (line.id !== view.session.line) + view.isHeld(line);
    const lines = [...found].sort((one, other) => rank(one) - rank(other));
    const wanting = lines.filter((line) => line.wanted - line.scanned > EPSILON);
    if (!wanting.length) {
        return allCounted(view, lines);
    }
    const fits = (left) => left > amount(read, left) - EPSILON;
    return count(
        view,
        read,
        wanting.find((line) => fits(line.wanted - line.scanned)) || wanting[0],
    );
}

/** A package on the shelf, taken as a whole: it says what is in it. */
function pickPackage(view, read) {
    const [place, target] = [view.place(), view.nextLine()];
    const stored = view.openLines.filter((line) => line.source === read.id);
    const line = stored.find((found) => found.place === place);
    if (stored.length && !place) {
        return verdict(view, "location_first", { place: REF("place", target.place) });
    }
    if (!line) {
        return verdict(view, "goods_first", { product: REF("product", target.product) });
    }
    const left = line.wanted - line.scanned;
    if (line.expiry && line.expiry < view.today) {
        return verdict(view, "expired_lot", { scanned: line.lot });
    }
    if (line.lot_missing) {
        return verdict(view, "no_lot", { product: REF("product", line.product) });
    }
    if (!line.whole) {
        return verdict(view, "too_many", { left: number(left) });
    }
    if (line.box === line.source) {
        const session = { ...view.session, place, line: null };
        return verdict(view, "line_done", {}, { change: ["finish", line.id, left, null], session });
    }
    return count(view, { ...read, quantity: left }, line);
}

function count(view, read, line) {
    const left = line.wanted - line.scanned;
    const quantity = amount(read, left);
    if (quantity > left + EPSILON) {
        return verdict(view, "too_many", { left: number(left) });
    }
    const change = ["count", line.id, quantity];
    // also where no barcode of the place was scanned
    const session = { ...view.session, place: line.place, line: line.id };
    if (quantity < left - EPSILON) {
        const words = { done: number(line.scanned + quantity), wanted: number(line.wanted) };
        return verdict(view, "picked", words, { change, session });
    }
    if (view.hasGoal(line)) {
        const words = { ...binWords(view, line), wanted: number(line.wanted) };
        return verdict(view, line.box ? "to_carton" : "to_bin", words, { change, session });
    }
    const done = {
        change: ["finish", line.id, quantity, null],
        session: { ...session, line: null },
    };
    return verdict(view, "line_done", {}, done);
}

function pickCommand(view, read) {
    const target = view.nextLine();
    if (read.id === "next") {
        const session = { ...view.session, place: null, line: null, skipped: skip(view, target) };
        const after = view.with({ session }).nextLine();
        return verdict(view, "skipped", { place: REF("place", after.place) }, { session });
    }
    if (["confirm", "close"].includes(read.id)) {
        return verdict(view, "unscanned", { count: String(view.openLines.length) });
    }
    if (!view.place()) {
        return verdict(view, "location_first", { place: REF("place", target.place) });
    }
    if (read.id === "damaged") {
        return verdict(view, "damaged", { product: REF("product", target.product) });
    }
    if (view.waitsForBin(target)) {
        return allCounted(view, [target]);
    }
    const session = { ...view.session, place: target.place, line: null };
    const change = ["short", target.id, read.reason];
    const product = REF("product", target.product);
    return verdict(view, "short_noted", { product }, { change, session });
}

function skip(view, target) {
    const open = view.openLines.map((line) => line.id);
    const here = view.openLines
        .filter((line) => line.place === target.place)
        .map((line) => line.id);
    const skipped = open.filter((id) => view.session.skipped.includes(id) || here.includes(id));
    return skipped.length < open.length ? skipped : [];
}
