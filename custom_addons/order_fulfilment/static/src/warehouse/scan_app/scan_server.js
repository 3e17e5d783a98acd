/** The way to the server; tells what may be tried again from what may not. */

import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { newId } from "./scan_queue";

const TIMEOUT_MS = 15000;
const TRIES = 5; // of one scan at which the server itself fails
const FINAL = ["UserError", "ValidationError", "AccessError", "MissingError", "RedirectWarning"];

export class ScanServer {
    /** @param {(state: "online"|"offline"|"login") => void} onState */
    constructor(onState) {
        this.onState = onState;
        this.failures = {};
    }

    tasks() {
        return this.call("/web/dataset/call_kw/warehouse.scan/tasks", {
            model: "warehouse.scan",
            method: "tasks",
            args: [],
            kwargs: {},
        });
    }

    show(task) {
        return this.scan({ task, action: "show", scan_id: "" });
    }

    /** Begin: from now on others are sent elsewhere. */
    open(task) {
        return this.scan({ task, action: "open", scan_id: newId() });
    }

    /** `at`: when it was scanned, in milliseconds; what counts is how long ago, not the device's clock. */
    scan({ scan_id, task, barcode = "", action = "scan", reason = "", at = Date.now() }) {
        const age = Math.max(0, (Date.now() - at) / 1000);
        const scan = { scan_id, task, barcode, action, reason, age };
        return this.call("/order_fulfilment/scan", scan);
    }

    /** Answer of a route; an error has `retry` where the same may be sent once more. */
    async call(url, parameters) {
        const request = rpc(url, parameters, { silent: true });
        const timer = setTimeout(() => request.abort?.(), TIMEOUT_MS);
        try {
            const answer = await request;
            this.onState("online");
            delete this.failures[parameters.scan_id];
            return answer;
        } catch (error) {
            throw this.judged(error, parameters.scan_id);
        } finally {
            clearTimeout(timer);
        }
    }

    judged(error, scanId) {
        const name = (error.exceptionName || "").split(".").pop();
        if (name === "SessionExpiredException") {
            this.onState("login");
            return Object.assign(new Error(_t("Log in again to go on.")), { retry: true });
        }
        if (FINAL.includes(name)) {
            this.onState("online");
            return new Error(error.data?.message || error.message);
        }
        if (!name) {
            this.onState("offline");
            return Object.assign(new Error(_t("No network")), { retry: true });
        }
        this.failures[scanId] = (this.failures[scanId] || 0) + 1;
        return Object.assign(new Error(error.data?.message || error.message), {
            retry: this.failures[scanId] < TRIES,
        });
    }
}
