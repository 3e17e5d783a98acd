/** Goods that come back: what is announced, as the server tells it. The device itself judges nothing here. */

import { _t } from "@web/core/l10n/translation";

export class ReceiptView {
    /** @param {Object[]} lines `data.receipt` of the server's answer */
    constructor(lines) {
        this.lines = lines;
    }

    get phase() {
        return this.lines.some((line) => !line.is_done) ? "receive" : "done";
    }
}

/** Without a network the scan counts as taken, so that a later refusal stays on the screen. */
export function predictReceipt(network) {
    return network === "offline"
        ? { type: "success", code: "", text: _t("Kept on this device") }
        : { type: "info", code: "", text: _t("One moment …") };
}

/** Whether a scanned number names the task: its own, or one on the label of the parcel. */
export function isOfTask(task, barcode) {
    return task.name === barcode || Boolean(task.codes?.includes(barcode));
}
