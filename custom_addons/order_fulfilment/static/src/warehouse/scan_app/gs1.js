/** GS1 element strings, as far as a device must read them without the server (which checks everything again). */

export const FNC1 = "\x1d";
const PREFIXES = ["]C1", "]e0", "]d2", "]Q3", "]J1"];
const FIXED = { "00": 18, "01": 14, "02": 14, 11: 6, 13: 6, 15: 6, 17: 6, 402: 17 };
const FREE = { 10: 20, 21: 20, 30: 8, 37: 8, 400: 30, 401: 30, 403: 30, 420: 20 };
const KEYS = ["00", "01", "02", "402"];
const NUMBERS = ["30", "37"];
const DATES = ["11", "13", "15", "17"];

/** What a scanner has sent: FNC1 as GS, without the name of a symbology that is not GS1. */
export function scanned(text) {
    text = text.replace(/<GS>|\{GS\}|\u241d/g, FNC1).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    const isAnnounced = /^\][A-Za-z][0-9A-Za-z]/.test(text) && !PREFIXES.includes(text.slice(0, 3));
    return isAnnounced ? text.slice(3) : text;
}

export function isElementString(barcode) {
    return (
        PREFIXES.some((prefix) => barcode.startsWith(prefix)) ||
        barcode.includes(FNC1) ||
        /^\(\d{2,4}\)/.test(barcode)
    );
}

export function isValidKey(digits) {
    let sum = 0;
    [...digits].reverse().forEach((digit, index) => (sum += Number(digit) * (index % 2 ? 3 : 1)));
    return /^\d+$/.test(digits) && sum % 10 === 0;
}

/** `{identifier: data}`, or null where the barcode breaks the standard. */
export function parseElements(barcode) {
    const values = {};
    let rest = unprinted(barcode);
    while (rest) {
        if (rest[0] === FNC1) {
            rest = rest.slice(1);
            continue;
        }
        const found = element(rest);
        if (!found || !isValid(found) || contradicts(values, found)) {
            return null;
        }
        values[found.identifier] = found.data;
        rest = rest.slice(found.identifier.length + found.data.length);
    }
    return Object.keys(values).length ? values : null;
}

/** Without the symbology's name and the brackets that are printed for people; nothing where they do not match. */
function unprinted(barcode) {
    const bare = PREFIXES.includes(barcode.slice(0, 3)) ? barcode.slice(3) : barcode;
    if (!bare.startsWith("(")) {
        return bare;
    }
    const isWhole = /^(\(\d{2,4}\)[^()]*)+$/.test(bare);
    return isWhole ? bare.replace(/\((\d{2,4})\)/g, `${FNC1}$1`) : "";
}

function contradicts(values, { identifier, data }) {
    const before = values[identifier];
    const isNumber = NUMBERS.includes(identifier) || identifier.startsWith("310");
    return (
        before !== undefined && before !== data && !(isNumber && Number(before) === Number(data))
    );
}

function isValid({ identifier, data }) {
    if (KEYS.includes(identifier)) {
        return isValidKey(data);
    }
    if (DATES.includes(identifier)) {
        return isoDate(data) !== null;
    }
    return !(NUMBERS.includes(identifier) || identifier.startsWith("310")) || /^\d+$/.test(data);
}

function element(rest) {
    for (const size of [2, 3, 4]) {
        const identifier = rest.slice(0, size);
        const weight = /^310[0-5]$/.test(identifier) ? 6 : undefined;
        const fixed = FIXED[identifier] || weight;
        const data = rest.slice(size).split(FNC1)[0];
        if (fixed) {
            return data.length >= fixed ? { identifier, data: data.slice(0, fixed) } : null;
        }
        if (FREE[identifier]) {
            return data.length && data.length <= FREE[identifier] ? { identifier, data } : null;
        }
    }
    return null;
}

/** The date of six digits as `yyyy-mm-dd`, or null; day 00 is the last of the month, the century is the nearest. */
export function isoDate(digits, thisYear = new Date().getFullYear()) {
    const [short, month, day] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(
        Number,
    );
    const distance = short - (thisYear % 100);
    const shift = distance >= 51 ? -100 : distance <= -50 ? 100 : 0;
    const year = thisYear - (thisYear % 100) + shift + short;
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    if (!/^\d{6}$/.test(digits) || month < 1 || month > 12 || day > last) {
        return null;
    }
    const pad = (number) => String(number).padStart(2, "0");
    return `${year}-${pad(month)}-${pad(day || last)}`;
}
