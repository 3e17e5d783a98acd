/** What every rule of the scan app needs: a verdict, a named thing, and the judgement of a lot. */

export const REF = (kind, id) => ({ kind, id });

export function verdict(view, code, words = {}, more = {}) {
    return { code, words, session: view.session, ...more };
}

export function ofLot(read, lines) {
    return lines.filter((line) => !read.lot || line.lot === read.lot);
}

export function lotFault(view, read, fitting) {
    if (fitting[0].tracked && !read.lot) {
        return verdict(view, "lot_needed", { product: REF("product", read.product) });
    }
    const line = ofLot(read, fitting)[0];
    if (!line) {
        return verdict(view, "wrong_lot", { scanned: read.lot, lot: fitting[0].lot });
    }
    const expiry = read.expiry || line.expiry;
    return expiry && expiry < view.today ? verdict(view, "expired_lot", { scanned: read.lot || expiry }) : null;
}
