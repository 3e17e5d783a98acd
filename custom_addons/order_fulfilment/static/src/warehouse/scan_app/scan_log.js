/** What the app says: the last message, the list of scans, and what must not be overlooked. */

import { markRaw, toRaw } from "@odoo/owl";
import { readable } from "./gs1";
import { ScanMemory } from "./scan_memory";
import { play } from "./scan_sound";

const SHOWN = 40;
const SOUNDS = { task_done: "done", pick_done: "done", confirmed: "done", all_loaded: "done" };

export class ScanLog {
    /** @param {string} owner names database and user: what one has scanned, no other sends */
    constructor(owner) {
        this.memory = markRaw(new ScanMemory(owner));
        Object.assign(this, {
            message: null,
            log: [],
            conflicts: this.memory.read("conflicts", []),
        });
    }

    say(type, text, code = "") {
        this.message = { type, text, code };
        play(SOUNDS[code] || type);
    }

    remember(scan, text, type) {
        const row = { scan_id: scan.scan_id, barcode: readable(scan.barcode), text, type };
        this.log = [row, ...this.log].slice(0, SHOWN);
    }

    /** The answer in the list of scans; what the device had accepted wrongly stays until it was seen. */
    note(scan, { type, text }) {
        const row = this.log.find((entry) => entry.scan_id === scan.scan_id);
        Object.assign(row || {}, { type, text });
        if (type !== "danger" || scan.expected === "danger") {
            return;
        }
        play("danger");
        this.conflicts = [
            ...this.conflicts,
            { scan_id: scan.scan_id, barcode: readable(scan.barcode), text },
        ];
        this.memory.write("conflicts", toRaw(this.conflicts));
    }

    dismiss(scanId) {
        this.conflicts = this.conflicts.filter((row) => row.scan_id !== scanId);
        this.memory.write("conflicts", toRaw(this.conflicts));
    }
}
