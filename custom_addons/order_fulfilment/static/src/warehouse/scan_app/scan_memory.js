/** What the app keeps between starts besides the scans: the list of tasks, the open task, conflicts not yet seen. */

export class ScanMemory {
    constructor(owner) {
        this.owner = owner;
    }

    name(what) {
        return `order_fulfilment_scan_${this.owner}_${what}`;
    }

    read(what, missing) {
        try {
            return JSON.parse(localStorage.getItem(this.name(what))) ?? missing;
        } catch {
            return missing;
        }
    }

    write(what, value) {
        try {
            localStorage.setItem(this.name(what), JSON.stringify(value));
        } catch {
            // full: only the comfort of a restart is lost, scans have their own store
        }
    }
}
