import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { rpc, ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { url } from "@web/core/utils/urls";
import { BarcodeScanner } from "@barcodes/components/barcode_scanner";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ScanQueue } from "./scan_queue";

const RETRY_MS = 3000;
const SHOWN = 30;

/** Picking by scanner: every scan is kept on the device first, then shown, then sent. */
export class ScanApp extends Component {
    static template = "order_fulfilment.ScanApp";
    static components = { BarcodeScanner };
    static props = { ...standardActionServiceProps };

    setup() {
        this.state = useState({
            tasks: [],
            task: null,
            line: {},
            message: null,
            log: [],
            online: true,
        });
        this.queue = new ScanQueue(
            (scan) => this.send(scan),
            (scan, answer) => this.onAnswer(scan, answer),
        );
        const barcode = useService("barcode");
        useBus(barcode.bus, "barcode_scanned", (event) => this.onScan(event.detail.barcode));
        this.timer = setInterval(() => this.sync(), RETRY_MS);
        onWillDestroy(() => clearInterval(this.timer));
        onWillStart(() => this.start());
        const sound = (path) =>
            new Audio(url(`${path}.${new Audio().canPlayType("audio/ogg") ? "ogg" : "mp3"}`));
        this.sounds = {
            danger: sound("/barcodes/static/src/audio/error"),
            success: sound("/mail/static/src/audio/ting"),
        };
    }

    async start() {
        for (const scan of await this.queue.waiting()) {
            this.log(scan);
        }
        await this.loadTasks();
        this.sync();
    }

    async loadTasks() {
        try {
            this.state.tasks = await rpc("/web/dataset/call_kw/warehouse.scan/tasks", {
                model: "warehouse.scan",
                method: "tasks",
                args: [],
                kwargs: {},
            });
        } catch (error) {
            this.state.online = !(error instanceof ConnectionLostError);
        }
    }

    async choose(task) {
        this.state.task = task;
        this.state.message = null;
        this.show(await this.send({ task: task.task, action: "show", scan_id: "" }));
    }

    leave() {
        this.state.task = null;
        this.loadTasks();
    }

    async send({ scan_id, task, barcode = "", action = "scan", reason = "" }) {
        try {
            const answer = await rpc(
                "/order_fulfilment/scan",
                { scan_id, task, barcode, action, reason },
                { silent: true },
            );
            this.state.online = true;
            return answer;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.state.online = false;
                throw Object.assign(new Error(_t("No network")), { isOffline: true });
            }
            throw new Error(error.data?.message || error.message);
        }
    }

    async onScan(barcode, values = {}) {
        if (!this.state.task) {
            const found = this.state.tasks.find((task) => task.name === barcode);
            return found ? this.choose(found) : this.refuse(_t("Scan or choose a task first."));
        }
        const task = [...this.state.task.task]; // plain: the browser's database refuses OWL's proxies
        const scan = await this.queue.add({ task, barcode, ...values });
        this.log(scan);
        this.sync();
    }

    onShort() {
        this.onScan("", { action: "short", reason: "missing" });
    }

    sync() {
        return this.queue.drain();
    }

    log(scan) {
        this.state.log.unshift({ ...scan, type: "waiting", text: _t("Kept on this device") });
        this.state.log.splice(SHOWN);
    }

    onAnswer(scan, answer) {
        const row = this.state.log.find((row) => row.scan_id === scan.scan_id);
        Object.assign(row || {}, { type: answer.message.type, text: answer.message.text });
        if (this.state.task && String(scan.task) === String(this.state.task.task)) {
            this.show(answer);
        }
        this.play(answer.message.type);
    }

    show(answer) {
        this.state.line = answer.data || this.state.line;
        this.state.message = answer.message.text ? answer.message : null;
    }

    refuse(text) {
        this.state.message = { type: "danger", text };
        this.play("danger");
    }

    play(type) {
        this.sounds[type]?.play()?.catch(() => {}); // a browser may forbid sound before the first touch
    }

    get waitingCount() {
        return this.state.log.filter((row) => row.type === "waiting").length;
    }
}

registry.category("actions").add("order_fulfilment.scan_app", ScanApp);
