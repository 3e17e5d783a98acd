/** The task as the person with this device sees it: the same as tools/warehouse/scan_view.py. */

export const EPSILON = 1e-6;

/** First by several keys, each compared as a number. */
function first(items, keys) {
    return [...items].sort((one, other) => {
        for (const key of keys) {
            const difference = Number(key(one)) - Number(key(other));
            if (difference) {
                return difference;
            }
        }
        return 0;
    })[0];
}

export class ScanView {
    /** @param {Object} data `view` of the server's answer to "show"; kept, never changed */
    constructor(data) {
        Object.assign(this, data);
    }

    with(changes) {
        return new ScanView({ ...this, ...changes });
    }

    line(id) {
        return this.lines.find((line) => line.id === id);
    }

    get openLines() {
        return this.lines.filter((line) => !line.picked);
    }

    get unpacked() {
        return this.lines.filter((line) => line.picked && !line.box);
    }

    get phase() {
        if (!this.lines.length) {
            return "done";
        }
        if (this.openLines.length) {
            return "pick";
        }
        if (this.packs && this.unpacked.length) {
            return "pack";
        }
        return this.loads && this.boxes.some((box) => !box.loaded) ? "load" : "confirm";
    }

    nextLine() {
        const { place, skipped, line: begun } = this.session;
        return first(this.openLines, [
            (line) => skipped.includes(line.id),
            (line) => line.place !== place,
            (line) => line.place !== place || line.id !== begun,
            (line) => this.isHeld(line),
            (line) => this.others.includes(line.place),
            (line) => line.stop || 1e6,
            (line) => line.place,
            (line) => line.id,
        ]);
    }

    pending() {
        const line = this.line(this.session.line);
        return line && this.waitsForBin(line) && this.hasGoal(line) ? line : null;
    }

    waitsForBin(line) {
        return !line.picked && line.wanted - line.scanned < EPSILON;
    }

    /** Whether the line goes into a certain bin or carton. */
    hasGoal(line) {
        return Boolean(line.box || this.bins[line.transfer]);
    }

    /** Whether somebody else has its goods in his hands; a task kept by an older app does not know. */
    isHeld(line) {
        return (this.held || []).includes(line.id);
    }

    place() {
        if (this.openLines.some((line) => line.place === this.session.place)) {
            return this.session.place;
        }
        const target = this.nextLine();
        return target && !target.place_has_code ? target.place : null;
    }

    transfer() {
        const waiting = [...new Set(this.unpacked.map((line) => line.transfer))];
        if (waiting.includes(this.session.transfer)) {
            return this.session.transfer;
        }
        return first(waiting, [(id) => this.busy_transfers.includes(id), (id) => id]);
    }

    /** Lines of the transfer that is being packed. */
    get toPack() {
        const transfer = this.transfer();
        return this.unpacked.filter((line) => line.transfer === transfer);
    }
}
