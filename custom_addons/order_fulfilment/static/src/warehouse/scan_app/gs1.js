/** GS1 element strings, as far as a device must read them without the server (which checks everything again). */

import { FORMATS } from "./gs1_identifiers";

export const FNC1 = "\x1d";
const PREFIXES = ["]C1", "]e0", "]d2", "]Q3", "]J1"];
const NUMBERS = ["30", "37"];
const DATES = ["11", "13", "15", "17"];

/** What a scanner has sent: FNC1 as GS, without the name of a symbology that is not GS1. */
export function scanned(text) {
    text = text.replace(/<GS>|\{GS\}|\u241d/g, FNC1).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    const isAnnounced = /^\][A-Za-z][0-9A-Za-z]/.test(text) && !PREFIXES.includes(text.slice(0, 3));
    return isAnnounced ? text.slice(3) : text;
}

/** For people: control characters and the name of the symbology are no news to them. */
export function readable(barcode) {
    const bare = PREFIXES.includes(barcode.slice(0, 3)) ? barcode.slice(3) : barcode;
    return bare.replace(/\p{Cc}+/gu, " ").replace(/^ +| +$/g, "");
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
    const [values, said] = [{}, {}];
    let rest = unprinted(barcode);
    while (rest) {
        if (rest[0] === FNC1) {
            rest = rest.slice(1);
            continue;
        }
        const found = element(rest);
        if (!found || !isValid(found) || contradicts(said, found)) {
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
    const isKnown = [...bare.matchAll(/\((\d+)\)/g)].every(([, name]) => FORMATS.has(name));
    return isWhole && isKnown ? bare.replace(/\((\d{2,4})\)/g, `${FNC1}$1`) : "";
}

/** Whether the barcode has said otherwise before: two forms of one number or day are no contradiction. */
function contradicts(said, found) {
    const [name, value] = meaning(found);
    said[name] ??= value;
    return said[name] !== value;
}

function meaning({ identifier, data }) {
    if (identifier.startsWith("310")) {
        return ["310", Number(data) / 10 ** Number(identifier[3])];
    }
    if (NUMBERS.includes(identifier)) {
        return [identifier, Number(data)];
    }
    return [identifier, DATES.includes(identifier) ? isoDate(data) : data];
}

function isValid({ identifier, data }) {
    const { pattern, checks } = FORMATS.get(identifier);
    const [, ...parts] = data.match(pattern) || [];
    return (
        parts.length > 0 &&
        !(NUMBERS.includes(identifier) && !Number(data)) &&
        checks.every(
            (check, index) =>
                (check !== "k" || isValidKey(parts[index])) &&
                (check !== "d" || !parts[index] || isoDate(parts[index]) !== null),
        )
    );
}

function element(rest) {
    const identifier = [2, 3, 4]
        .map((size) => rest.slice(0, size))
        .find((name) => FORMATS.has(name));
    if (!identifier) {
        return null;
    }
    const { longest, marked } = FORMATS.get(identifier);
    const data = rest.slice(identifier.length).split(FNC1)[0];
    return { identifier, data: marked ? data : data.slice(0, longest) };
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
