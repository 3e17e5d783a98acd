// long: one state machine: task, queue and answers belong together
/** What the scan app knows: the task on the device, the scans under way and what became of them. */

import { markRaw, toRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { scanned } from "./gs1";
import { ScanQueue } from "./scan_queue";
import { ScanServer } from "./scan_server";
import { isOfTask, ScanTask } from "./scan_task";

export class ScanModel extends ScanTask {
    constructor(owner) {
        super(owner);
        Object.assign(this, { tasks: [], task: null, waiting: 0, made: 0, network: "online" });
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
        const waiting = await this.queue.restore();
        this.waiting = waiting.length;
        this.restore(waiting);
        this.queue.drain();
        this.refresh(); // not awaited: the app must be there at once, also where the network hangs
    }

    /** Now and then, and whenever the page is looked at again. */
    async poll() {
        if (!this.waiting) {
            return this.refresh();
        }
        await this.queue.drain();
        this.waiting = this.queue.size;
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
    /** What was asked before a scan says nothing about the time after it, so such an answer is dropped. */
    async refresh() {
        const made = this.made;
        try {
            if (!this.task) {
                this.tasks = await this.server.tasks();
                this.memory.write("tasks", toRaw(this.tasks));
            } else if (!this.waiting) {
                const task = toRaw(this.task);
                const answer = await this.server.show([...task.task]);
                const isOpen = this.task && String(this.task.task) === String(task.task);
                if (isOpen && made === this.made) {
                    this.take(task, { ...answer.data, phase: answer.state });
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
            const data = { ...answer.data, phase: answer.state };
            this.take({ ...toRaw(task), task: [...task.task] }, data);
        } catch (error) {
            this.say(
                "danger",
                this.network === "offline"
                    ? _t("No network: open this task again later.")
                    : error.message,
            );
        }
    }

    leave() {
        this.task = this.view = this.message = null;
        this.memory.write("open", null);
        return this.refresh();
    }

    // -- scans -------------------------------------------------------------------------------------------------
    scan(barcode) {
        barcode = scanned(barcode);
        const isDone = !this.task || (this.view || this.data).phase === "done";
        const next = isDone && this.tasks.find((task) => isOfTask(task, barcode));
        if (next || !this.task) {
            return next ? this.open(next) : this.say("danger", _t("Scan or choose a task first."));
        }
        const found = this.predict(barcode);
        this.say(found.type, found.text, found.code);
        this.made++;
        const { scan, saved } = this.queue.add({
            task: [...toRaw(this.task).task],
            barcode,
            at: Date.now(),
            expected: found.type,
        });
        this.waiting = this.queue.size;
        this.remember(scan, found.text, "waiting");
        saved.catch(() => {
            this.waiting = this.queue.size;
            this.say("danger", _t("This device cannot keep scans: its storage is full."));
        });
    }

    onAnswer(scan, answer) {
        this.waiting = this.queue.size;
        this.note(scan, answer.message);
        if (!this.task || this.waiting || String(scan.task) !== String(this.task.task)) {
            return;
        }
        this.message = { ...answer.message };
        return this.settle(answer);
    }

    /** Everything is answered: the server's state counts. */
    async settle(answer) {
        if (["confirmed", "return_done"].includes(answer.message.code)) {
            this.memory.write("open", null);
            this.tasks = await this.server.tasks().catch(() => []);
        }
        if (!this.view && !answer.failed) {
            return this.take(toRaw(this.task), { ...answer.data, phase: answer.state });
        }
        const isGuess = this.view?.lines.some((line) => line.id < 0);
        if (answer.failed || answer.data.refresh || isGuess) {
            return this.refresh();
        }
        const changed = Object.fromEntries(answer.data.changed.map((line) => [line.id, line]));
        const lines = this.view.lines.map((line) => changed[line.id] || line);
        this.view = markRaw(this.view.with({ lines, session: answer.data.session }));
        this.keep();
    }
}
