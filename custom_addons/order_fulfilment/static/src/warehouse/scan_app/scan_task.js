/** The task on the device: its view, its words, and the verdict on a scan before the server has spoken. */

import { markRaw, toRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { applyVerdict } from "./scan_apply";
import { ScanLog } from "./scan_log";
import { readBarcode } from "./scan_read";
import { predictReceipt, ReceiptView } from "./scan_receipt";
import { judge } from "./scan_rules";
import { ScanView } from "./scan_view";

export class ScanTask extends ScanLog {
    take(task, data) {
        this.task = markRaw(task);
        this.data = markRaw(data);
        this.view = markRaw(data.receipt ? new ReceiptView(data.receipt) : new ScanView(data.view));
        this.keep();
    }

    keep() {
        const view = toRaw(this.view);
        const data = this.data.receipt
            ? { receipt: view.lines }
            : { ...toRaw(this.data), view: { ...view } };
        this.memory.write("open", { task: toRaw(this.task), data });
    }

    /** The device's own verdict, shown at once. */
    predict(barcode) {
        if (this.data.receipt) {
            return predictReceipt(this.network);
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
