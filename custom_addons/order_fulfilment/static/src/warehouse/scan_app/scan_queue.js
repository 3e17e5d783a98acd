/** Scans of this device that the server has not answered yet, sent in the order of scanning. */

import { openStore } from "./scan_store";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10000;

export class ScanQueue {
    /**
     * @param {(scan: Object) => Promise<Object>} send answers a scan; an error with `retry` leaves it in the queue
     * @param {(scan: Object, answer: Object) => void} onAnswer
     * @param {string} name of the browser's database
     */
    constructor(send, onAnswer, name) {
        Object.assign(this, { send, onAnswer, wait: 0, timer: null, draining: null });
        this.unanswered = new Set(); // ids; counted here, as reading the store takes time in which a scan may come
        this.opened = openStore(name);
        this.adding = Promise.resolve();
        this.resume = () => this.drain(true);
        window.addEventListener("online", this.resume);
    }

    stop() {
        window.removeEventListener("online", this.resume);
        clearTimeout(this.timer);
    }

    /** Keep a scan on the device; it is safe once this resolves. The id is there at once. */
    add(scan) {
        const kept = { ...scan, scan_id: newId() };
        this.unanswered.add(kept.scan_id);
        const saved = this.adding.then(async () => (await this.opened).add(kept));
        this.adding = saved.catch(() => this.unanswered.delete(kept.scan_id));
        saved.then(() => this.timer || this.drain());
        return { scan: kept, saved };
    }

    /** How many scans have no answer yet. */
    get size() {
        return this.unanswered.size;
    }

    /** The scans of an earlier start that wait still. */
    async restore() {
        const scans = await (await this.opened).all();
        scans.forEach((scan) => this.unanswered.add(scan.scan_id));
        return scans;
    }

    /** Send what waits; answers whether nothing is left. `now`: do not wait for the next try. */
    drain(now = false) {
        if (now) {
            clearTimeout(this.timer);
            this.timer = null;
            this.wait = 0;
        }
        this.draining ||= this.sendAll().finally(() => (this.draining = null));
        return this.draining;
    }

    async sendAll() {
        const store = await this.opened;
        for (let scan = await store.first(); scan; scan = await store.first()) {
            let answer;
            try {
                answer = await this.send(scan);
            } catch (error) {
                if (error.retry) {
                    this.later();
                    return false;
                }
                answer = {
                    failed: true,
                    message: { type: "danger", code: "failed", text: error.message },
                };
            }
            this.wait = 0;
            await store.remove(scan.number);
            this.unanswered.delete(scan.scan_id);
            await this.onAnswer(scan, answer);
        }
        await this.forgetOthers(store);
        return true;
    }

    /** What another window of the app has sent from the store that both share. */
    async forgetOthers(store) {
        const known = [...this.unanswered];
        await this.adding;
        if (known.length && !(await store.first())) {
            known.forEach((id) => this.unanswered.delete(id));
        }
    }

    later() {
        this.wait = Math.min(this.wait * 2 || FIRST_WAIT_MS, LONGEST_WAIT_MS);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            this.timer = null;
            this.drain();
        }, this.wait);
    }
}

/** Unique also where `crypto.randomUUID` is missing, as on a page without TLS. */
export function newId() {
    if (crypto.randomUUID) {
        return crypto.randomUUID();
    }
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
