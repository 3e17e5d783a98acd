/** What every rule of the scan app needs: a verdict, a named thing, and the judgement of a lot. */

import { readable } from "./gs1";
import { EPSILON } from "./scan_view";

const LONGEST = 40; // characters of a barcode that a sentence repeats

export const REF = (kind, id) => ({ kind, id });

export function verdict(view, code, words = {}, more = {}) {
    return { code, words, session: view.session, ...more };
}

export function unknown(view, read) {
    const text = readable(read.text);
    const barcode = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
    return verdict(view, "unknown_barcode", { barcode });
}

/** Lines that the lot fits; goods that are not tracked may carry the maker's lot on their label. */
export function ofLot(read, lines) {
    return lines.filter((line) => !read.lot || !line.tracked || line.lot === read.lot);
}

export function lotFault(view, read, found) {
    const fitting = found.filter((line) => !line.lot_missing);
    if (!fitting.length) {
        return verdict(view, "no_lot", { product: REF("product", read.product) });
    }
    if (fitting[0].tracked && !read.lot) {
        return verdict(view, "lot_needed", { product: REF("product", read.product) });
    }
    const lines = ofLot(read, fitting);
    if (fitting[0].tracked && isDone(view, read, lines)) {
        return verdict(view, "lot_done", { scanned: read.lot });
    }
    const line = lines[0];
    if (!line) {
        return verdict(view, "wrong_lot", { scanned: read.lot, lot: fitting[0].lot });
    }
    return expiryFault(view, read, line);
}

function expiryFault(view, read, line) {
    const expiry = read.expiry || line.expiry;
    return expiry && expiry < view.today
        ? verdict(view, "expired_lot", { scanned: read.lot || expiry })
        : null;
}

/** Whether this very lot was wanted and all of it was scanned already, as happens with serial numbers. */
function isDone(view, read, lines) {
    if (!read.lot) {
        return false;
    }
    if (view.phase === "pack") {
        return lines.length > 0 && lines.every((line) => line.wanted - line.packed < EPSILON);
    }
    const same = view.lines.filter(
        (line) => line.product === read.product && line.lot === read.lot,
    );
    return same.length > 0 && same.every((line) => line.picked);
}

/** What is counted where `left` is wanted: of cable or flour one scan means all of it. */
export function amount(read, left) {
    return read.implied && Math.abs(left - Math.round(left)) > EPSILON ? left : read.quantity;
}

/** A quantity in a sentence, without the noise of binary fractions. */
export function number(value) {
    return String(Number(value.toPrecision(10)));
}
