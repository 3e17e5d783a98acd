/** What a barcode is, as far as the device knows from its task. */

import { isElementString, isoDate, parseElements, readable } from "./gs1";

/**
 * @param {string} barcode
 * @param {Object} codes `{barcode: {kind, id, product, lot, quantity, reason}}` of the task
 * @returns {Object} kind place, goods, bin, box, new_box, transfer, command, unknown or unreadable
 */
export function readBarcode(barcode, codes) {
    const plain = codes[barcode] || codes[barcode.toUpperCase()] || byNumber(barcode, codes);
    if (plain) {
        return { quantity: 1, lot: "", text: barcode, ...plain };
    }
    const prefixed = isElementString(barcode);
    const values = prefixed || /^0[012]\d{14}/.test(barcode) ? parseElements(barcode) : null;
    if (values) {
        return fromElements(barcode, values, codes);
    }
    return prefixed
        ? { kind: "unreadable", text: readable(barcode) }
        : { kind: "unknown", text: barcode };
}

function fromElements(barcode, values, codes) {
    const unknown = { kind: "unknown", text: barcode };
    if (values["00"]) {
        return { ...unknown, ...codes[values["00"]] };
    }
    const number = values["01"] || values["02"];
    const numbers = [values["10"], values["21"]].filter(Boolean);
    const goods = number
        ? byNumber(number, codes)
        : numbers.map((lot) => codes[lot]).findLast((found) => found?.kind === "goods");
    if (goods?.kind === "goods") {
        const lot = goods.lot || (goods.serial ? numbers.at(-1) : numbers[0]) || "";
        return { ...goods, text: barcode, lot, ...amount(values, goods) };
    }
    return { ...unknown, ...codes[values["400"]] };
}

function amount(values, goods) {
    const said = Number(values["37"] || values["30"] || weight(values) * goods.per_kg || 0);
    return {
        expiry: values["17"] ? isoDate(values["17"]) : null,
        quantity: (said || 1) * (goods.quantity || 1),
        implied: Boolean(goods.implied) && !said,
    };
}

function weight(values) {
    const identifier = Object.keys(values).find((name) => /^310[0-5]$/.test(name));
    return identifier ? Number(values[identifier]) / 10 ** Number(identifier[3]) : 0;
}

/** A GTIN in any of its lengths. */
function byNumber(barcode, codes) {
    if (!/^\d{8,14}$/.test(barcode)) {
        return null;
    }
    const long = barcode.padStart(14, "0");
    const form = [barcode, long, long.slice(1), long.replace(/^0+/, ""), long.slice(2)].find(
        (text) => codes[text],
    );
    return form ? codes[form] : null;
}
