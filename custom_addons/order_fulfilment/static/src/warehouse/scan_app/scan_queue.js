/** Scans of this device that the server has not answered yet, in the order of scanning. */

const STORE = "scans";

function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

export class ScanQueue {
    /**
     * @param {(scan: Object) => Promise<Object>} send answers a scan; rejects with `isOffline` when not reached
     * @param {(scan: Object, answer: Object) => void} onAnswer
     * @param {string} [name] of the browser's database
     */
    constructor(send, onAnswer, name = "order_fulfilment_scans") {
        this.send = send;
        this.onAnswer = onAnswer;
        this.opened = new Promise((resolve, reject) => {
            const request = indexedDB.open(name, 1);
            request.onupgradeneeded = () =>
                request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        });
        this.draining = null;
    }

    async store(mode) {
        return (await this.opened).transaction(STORE, mode).objectStore(STORE);
    }

    /** Keep a scan on the device; it is safe once this resolves. */
    async add(scan) {
        const kept = { ...scan, scan_id: scan.scan_id || crypto.randomUUID() };
        await settled((await this.store("readwrite")).add(kept));
        return kept;
    }

    async waiting() {
        return settled((await this.store("readonly")).getAll());
    }

    /** Send what waits, one after the other. Answers whether nothing is left. */
    drain() {
        this.draining ||= this.sendAll().finally(() => (this.draining = null));
        return this.draining;
    }

    async sendAll() {
        for (;;) {
            const [scan] = await settled((await this.store("readonly")).getAll(null, 1));
            if (!scan) {
                return true;
            }
            let answer;
            try {
                answer = await this.send(scan);
            } catch (error) {
                if (error.isOffline) {
                    return false;
                }
                answer = { message: { type: "danger", code: "failed", text: error.message } };
            }
            await settled((await this.store("readwrite")).delete(scan.number));
            this.onAnswer(scan, answer);
        }
    }
}
