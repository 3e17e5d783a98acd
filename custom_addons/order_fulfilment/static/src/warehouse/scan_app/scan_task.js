/** The task on the device: its view, its words, and the verdict on a scan before the server has spoken. */

import { markRaw, toRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { applyVerdict } from "./scan_apply";
import { ScanLog } from "./scan_log";
import { readBarcode } from "./scan_read";
import { judge } from "./scan_rules";
import { ScanView } from "./scan_view";

export class ScanTask extends ScanLog {
    /** A task without a view, such as the receipt of a return, is judged by the server alone. */
    take(task, data) {
        this.task = markRaw(task);
        this.data = markRaw(data);
        this.view = data.view ? markRaw(new ScanView(data.view)) : null;
        this.keep();
    }

    keep() {
        const view = this.view && { ...toRaw(this.view) };
        const data = { ...toRaw(this.data), view };
        this.memory.write("open", { task: toRaw(this.task), data });
    }

    /** The device's own verdict, shown at once. */
    predict(barcode) {
        if (!this.view) {
            return { code: "sent", type: "info", text: _t("%s was sent.", barcode) };
        }
        const verdict = judge(toRaw(this.view), readBarcode(barcode, toRaw(this.data).codes));
        this.view = markRaw(applyVerdict(toRaw(this.view), verdict));
        const accepted = this.data.accepted.includes(verdict.code);
        return {
            code: verdict.code,
            type: accepted ? "success" : "danger",
            text: this.sentence(verdict),
        };
    }

    sentence({ code, words }) {
        const text = this.data.texts[code] || code;
        return text.replace(/%\((\w+)\)s/g, (_match, word) => {
            const value = words[word];
            return value && value.kind ? this.nameOf(value.kind, value.id) : value;
        });
    }

    nameOf(kind, id) {
        return this.data.names[`${kind}-${id}`] || _t("another one");
    }
}

/** Whether a scanned number names the task: its own, or one on the label of the parcel. */
export function isOfTask(task, barcode) {
    return task.name === barcode || Boolean(task.codes?.includes(barcode));
}
