/** Keyboard-wedge scanners: fast key strokes, ended by Enter or Tab or a pause; GS comes as Ctrl+] or as itself. */

import { onMounted, onWillUnmount } from "@odoo/owl";
import { FNC1 } from "./gs1";

const PAUSE_MS = 150;
const SHORTEST = 3;

export class Wedge {
    /** @param {(barcode: string) => void} onBarcode */
    constructor(onBarcode) {
        Object.assign(this, { onBarcode, buffer: "", timer: null });
    }

    key(event) {
        if (event.target.matches?.("textarea, select, input:not([inputmode='none'])")) {
            return;
        }
        const separator = event.keyCode === 29 || (event.ctrlKey && event.key === "]") || event.key === FNC1;
        if (["Enter", "Tab"].includes(event.key) && this.buffer) {
            event.preventDefault();
            event.stopPropagation();
            this.flush(1);
        } else if (separator || (event.key.length === 1 && !event.ctrlKey && !event.metaKey)) {
            event.preventDefault();
            this.take(separator ? FNC1 : event.key);
        }
    }

    take(text) {
        this.buffer += text;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.flush(), PAUSE_MS);
    }

    /** What an input method puts in as a whole, as Android does ("Unidentified" keys). */
    input(event) {
        this.take(event.target.value.replace(/[\r\n\t]+$/, ""));
        event.target.value = "";
    }

    /** What was typed so far is a barcode; without a suffix only if it is long enough to be no accident. */
    flush(shortest = SHORTEST) {
        clearTimeout(this.timer);
        const barcode = this.buffer;
        this.buffer = "";
        if (barcode.length >= shortest) {
            this.onBarcode(barcode);
        }
    }
}

/** Listen for scanners while the component is shown. */
export function useWedge(onBarcode) {
    const wedge = new Wedge(onBarcode);
    const input = document.createElement("input");
    Object.assign(input, { className: "o_scan_wedge", tabIndex: -1, inputMode: "none", autocomplete: "off" });
    input.setAttribute("aria-hidden", "true");
    const onKey = (event) => wedge.key(event);
    const onInput = (event) => wedge.input(event);
    const focus = () => input.focus({ preventScroll: true });
    onMounted(() => {
        document.body.append(input);
        document.addEventListener("keydown", onKey, true);
        document.addEventListener("click", focus);
        input.addEventListener("input", onInput);
        focus();
    });
    onWillUnmount(() => {
        document.removeEventListener("keydown", onKey, true);
        document.removeEventListener("click", focus);
        input.remove();
    });
    return wedge;
}
