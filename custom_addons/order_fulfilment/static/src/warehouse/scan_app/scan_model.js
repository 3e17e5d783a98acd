// long: one state machine: task, queue and answers belong together
/** What the scan app knows: the task on the device, the scans under way and what became of them. */

import { markRaw, toRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { applyVerdict } from "./scan_apply";
import { ScanMemory } from "./scan_memory";
import { ScanQueue } from "./scan_queue";
import { readBarcode } from "./scan_read";
import { judge } from "./scan_rules";
import { play } from "./scan_sound";
import { ScanServer } from "./scan_server";
import { ScanView } from "./scan_view";

const SHOWN = 40;
const PROGRESS = {
    done: "done",
    task_done: "done",
    pick_done: "done",
    confirmed: "done",
    all_loaded: "done",
};

export class ScanModel {
    /** @param {string} owner names database and user: what one has scanned, no other sends */
    constructor(owner) {
        Object.assign(this, {
            tasks: [],
            task: null,
            message: null,
            log: [],
            waiting: 0,
            network: "online",
        });
        this.memory = markRaw(new ScanMemory(owner));
        this.conflicts = this.memory.read("conflicts", []);
    }

    /** `this` is OWL's reactive object from here on. */
    async start() {
        this.server = markRaw(new ScanServer((state) => (this.network = state)));
        const answered = (scan, answer) => this.onAnswer(scan, answer);
        const name = this.memory.name("scans");
        this.queue = markRaw(
            new ScanQueue((scan) => toRaw(this).server.scan(scan), answered, name),
        );
        this.tasks = this.memory.read("tasks", []);
        const waiting = await this.queue.waiting();
        this.waiting = waiting.length;
        this.restore(waiting);
        this.queue.drain();
        this.refresh(); // not awaited: the app must be there at once, also where the network hangs
    }

    /** Now and then, and whenever the page is looked at again. */
    poll() {
        return this.waiting ? this.queue.drain() : this.refresh();
    }

    stop() {
        this.queue?.stop();
    }

    /** The task that was open when the app was closed, with what was scanned since. */
    restore(waiting) {
        const kept = this.memory.read("open", null);
        if (!kept) {
            waiting.forEach((scan) => this.remember(scan, _t("Kept on this device"), "waiting"));
            return;
        }
        this.take(kept.task, kept.data);
        for (const scan of waiting) {
            const mine = String(scan.task) === String(kept.task.task);
            const found = mine ? this.predict(scan.barcode) : { text: _t("Kept on this device") };
            this.remember(scan, found.text, "waiting");
        }
    }

    // -- tasks -------------------------------------------------------------------------------------------------
    async refresh() {
        try {
            if (!this.task) {
                this.tasks = await this.server.tasks();
                this.memory.write("tasks", toRaw(this.tasks));
            } else if (!this.waiting) {
                const task = toRaw(this.task);
                const answer = await this.server.show([...task.task]);
                if (!this.waiting && this.task && String(this.task.task) === String(task.task)) {
                    this.take(task, answer.data);
                }
            }
        } catch (error) {
            if (!error.retry) {
                this.leave();
                this.say("danger", error.message);
            }
        }
    }

    async open(task) {
        this.message = null;
        const kept = this.memory.read("open", null);
        if (kept && String(kept.task.task) === String(task.task)) {
            this.take(kept.task, kept.data);
        }
        try {
            const answer = await this.server.open([...task.task]);
            this.take({ ...toRaw(task), task: [...task.task] }, answer.data);
        } catch (error) {
            this.say(
                "danger",
                error.retry ? _t("No network: open this task again later.") : error.message,
            );
        }
    }

    take(task, data) {
        this.task = markRaw(task);
        this.data = markRaw(data);
        this.view = markRaw(new ScanView(data.view));
        this.keep();
    }

    keep() {
        const data = { ...toRaw(this.data), view: { ...toRaw(this.view) } };
        this.memory.write("open", { task: toRaw(this.task), data });
    }

    leave() {
        this.task = this.view = this.message = null;
        this.memory.write("open", null);
        return this.refresh();
    }

    // -- scans -------------------------------------------------------------------------------------------------
    scan(barcode) {
        barcode = barcode.trim();
        const isDone = !this.task || this.view.phase === "done";
        const next = isDone && this.tasks.find((task) => task.name === barcode);
        if (next || !this.task) {
            return next ? this.open(next) : this.say("danger", _t("Scan or choose a task first."));
        }
        const found = this.predict(barcode);
        this.say(found.type, found.text, found.code);
        this.waiting++;
        const { scan, saved } = this.queue.add({
            task: [...toRaw(this.task).task],
            barcode,
            expected: found.type,
        });
        this.remember(scan, found.text, "waiting");
        saved.catch(() =>
            this.say("danger", _t("This device cannot keep scans: its storage is full.")),
        );
    }

    /** The device's own verdict, shown at once. */
    predict(barcode) {
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

    say(type, text, code = "") {
        this.message = { type, text, code };
        play(PROGRESS[code] || type);
    }

    remember(scan, text, type) {
        const row = { scan_id: scan.scan_id, barcode: scan.barcode, text, type };
        this.log = [row, ...this.log].slice(0, SHOWN);
    }

    async onAnswer(scan, answer) {
        this.waiting = (await this.queue.waiting()).length;
        this.note(scan, answer.message);
        if (!this.task || this.waiting || String(scan.task) !== String(this.task.task)) {
            return;
        }
        this.message = { ...answer.message };
        return this.settle(answer);
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
            { scan_id: scan.scan_id, barcode: scan.barcode, text },
        ];
        this.memory.write("conflicts", toRaw(this.conflicts));
    }

    /** Everything is answered: the server's state counts. */
    async settle(answer) {
        if (code(answer) === "confirmed") {
            this.memory.write("open", null);
            this.tasks = await this.server.tasks().catch(() => []);
        }
        if (
            answer.failed ||
            answer.data.refresh ||
            this.data.view.lines.some((line) => line.id < 0)
        ) {
            return this.refresh();
        }
        const changed = Object.fromEntries(answer.data.changed.map((line) => [line.id, line]));
        const lines = this.view.lines.map((line) => changed[line.id] || line);
        this.view = markRaw(this.view.with({ lines, session: answer.data.session }));
        this.keep();
    }

    dismiss(scanId) {
        this.conflicts = this.conflicts.filter((row) => row.scan_id !== scanId);
        this.memory.write("conflicts", toRaw(this.conflicts));
    }
}

function code(answer) {
    return answer.message.code;
}
