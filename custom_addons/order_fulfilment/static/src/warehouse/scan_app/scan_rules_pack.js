/** Packing: the second third of the rules. */

import { amount, lotFault, number, ofLot, REF, unknown, verdict } from "./scan_verdict";
import { EPSILON } from "./scan_view";

/** A box that was taken for another transfer does not serve for this one. */
function atTransfer(session, transfer) {
    return session.transfer === transfer ? session : { ...session, transfer, box: null };
}

export function judgePack(view, read) {
    view = view.with({ session: atTransfer(view.session, view.transfer()) });
    const openBox = view.toPack.find((line) => line.packed > EPSILON && line.open_box)?.open_box;
    const begun = Boolean(openBox) && openBox === view.session.box;
    if (openBox && !begun && ["command", "new_box", "box", "goods"].includes(read.kind)) {
        return packOthers(view, openBox, read);
    }
    if (read.kind === "new_box") {
        return begun
            ? verdict(view, "close_first")
            : verdict(view, "box_ok", {}, { change: ["open", read.id] });
    }
    const rule = {
        command: packCommand,
        bin: packTransfer,
        transfer: packTransfer,
        box: packBox,
        goods: packGoods,
    };
    if (rule[read.kind]) {
        return rule[read.kind](view, read, begun);
    }
    return read.kind === "place" ? verdict(view, "box_first") : unknown(view, read);
}

/** A colleague has begun a box for this transfer: it is gone on with, never mixed up with a second one. */
function packOthers(view, openBox, read) {
    const session = { ...view.session, box: openBox };
    const words = { box: REF("box", openBox), transfer: REF("transfer", session.transfer) };
    const takes = read.kind === "new_box" || (read.kind === "box" && read.id === openBox);
    return takes
        ? verdict(view, "box_taken", words, { session })
        : verdict(view, "open_box", words);
}

function packCommand(view, read, begun) {
    const session = view.session;
    if (read.id === "close") {
        if (!begun || !session.box) {
            return verdict(view, "empty_box");
        }
        const change = ["close", session.transfer, session.box];
        const words = { box: REF("box", session.box) };
        return verdict(view, "box_closed", words, { change, session: { ...session, box: null } });
    }
    if (read.id === "confirm") {
        const left = view.toPack.reduce((sum, line) => sum + line.wanted - line.packed, 0);
        return verdict(view, "not_packed", { count: number(left) });
    }
    return verdict(view, read.id === "damaged" ? "damaged_pack" : "not_now");
}

function packTransfer(view, read, begun) {
    const owner = Object.keys(view.bins).find((transfer) => view.bins[transfer] === read.id);
    const transfer = read.kind === "bin" ? Number(owner) : read.id;
    if (begun && transfer !== view.session.transfer) {
        return verdict(view, "close_first");
    }
    if (!view.unpacked.some((line) => line.transfer === transfer)) {
        return verdict(view, "nothing_to_pack");
    }
    const session = atTransfer(view.session, transfer);
    return verdict(view, "transfer_ok", { transfer: REF("transfer", transfer) }, { session });
}

function packBox(view, read, begun) {
    const session = view.session;
    const box = view.boxes.find((found) => found.id === read.id);
    if (begun && read.id !== session.box) {
        return verdict(view, "close_first");
    }
    if ((box && box.transfer !== session.transfer) || read.reason) {
        return verdict(view, "wrong_box", { transfer: REF("transfer", session.transfer) });
    }
    return verdict(view, "box_ok", {}, { session: { ...session, box: read.id } });
}

function packGoods(view, read) {
    const session = view.session;
    if (!session.box) {
        return verdict(view, "box_first");
    }
    const same = view.toPack.filter((line) => line.product === read.product);
    if (!same.length) {
        const words = {
            scanned: REF("product", read.product),
            transfer: REF("transfer", session.transfer),
        };
        return verdict(view, "wrong_product_pack", words);
    }
    const fault = lotFault(view, read, same);
    if (fault) {
        return fault;
    }
    const line = ofLot(read, same).find((found) => found.wanted - found.packed > EPSILON);
    const room = line ? line.wanted - line.packed : 0;
    const quantity = amount(read, room);
    if (!line || quantity > room + EPSILON) {
        return verdict(view, "too_many", { left: number(room) });
    }
    const left =
        view.toPack.reduce((sum, other) => sum + other.wanted - other.packed, 0) - quantity;
    const change = ["pack", line.id, quantity, session.box];
    return verdict(
        view,
        left > EPSILON ? "packed" : "packed_all",
        { left: number(left) },
        { change },
    );
}
