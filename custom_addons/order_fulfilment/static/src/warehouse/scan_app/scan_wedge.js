/** Keyboard-wedge scanners: fast key strokes, ended by Enter or Tab or a pause; GS comes as Ctrl+] or as itself. */

import { onMounted, onWillUnmount } from "@odoo/owl";
import { FNC1 } from "./gs1";

const PAUSE_MS = 150;
const PAUSE_BEFORE_SUFFIX_MS = 1000; // a scanner that ends with Enter is waited for, however slow the device is
const SHORTEST = 3;

/**
 * The character of a key stroke, if it is one. GS comes as itself or as Ctrl+], by whatever name the layout has for
 * that key; "]" itself is AltGr+9 on some layouts, which browsers tell as Ctrl+Alt. Digits that are typed
 * while Alt is held are the number of a character, which follows by itself.
 */
function typed(event) {
    const isAltGr = isAltGraph(event);
    if (event.key === FNC1 || event.keyCode === 29 || (isCtrlBracket(event) && !isAltGr)) {
        return FNC1;
    }
    return event.key.length === 1 && (isAltGr || !isCommand(event)) ? event.key : "";
}

function isAltGraph(event) {
    return event.getModifierState?.("AltGraph") || (event.ctrlKey && event.altKey);
}

function isCtrlBracket(event) {
    return event.ctrlKey && (event.key === "]" || event.code === "BracketRight");
}

function isCommand(event) {
    return event.ctrlKey || event.metaKey || event.altKey;
}

export class Wedge {
    /** @param {(barcode: string) => void} onBarcode */
    constructor(onBarcode) {
        Object.assign(this, { onBarcode, buffer: "", timer: null, pause: PAUSE_MS });
    }

    key(event) {
        if (event.target.matches?.("textarea, select, input:not([inputmode='none'])")) {
            return;
        }
        const ends = ["Enter", "Tab"].includes(event.key) && this.buffer;
        const text = ends ? "" : typed(event);
        if (ends || text) {
            event.preventDefault();
            event.stopPropagation();
        }
        if (ends) {
            this.pause = PAUSE_BEFORE_SUFFIX_MS;
            this.flush(1);
        } else if (text) {
            this.take(text);
        }
    }

    take(text) {
        this.buffer += text;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            this.pause = PAUSE_MS;
            this.flush();
        }, this.pause);
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
    Object.assign(input, {
        className: "o_scan_wedge",
        tabIndex: -1,
        inputMode: "none",
        autocomplete: "off",
    });
    input.setAttribute("aria-hidden", "true");
    const onKey = (event) => wedge.key(event);
    const onInput = (event) => wedge.input(event);
    const focus = (event) =>
        event?.target.matches("input, textarea") || input.focus({ preventScroll: true });
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
