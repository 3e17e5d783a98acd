// long: a table, the same as in tools/warehouse/gs1_identifiers.py; a test compares the two
/**
 * Every application identifier of the GS1 General Specifications, and what may follow it: N digits, X characters,
 * ".." up to, "[]" may be missing, k with a check digit, d a date; a last digit n stands for 0 to 5 decimals.
 */
const TABLE = `
00 N18k
01-03 N14k
10 X..20
11-13 N6d
15-17 N6d
20 N2
21-22 X..20
30 N..8
37 N..8
90 X..30
91-99 X..90
235 X..28
240-241 X..30
242 N..6
243 X..20
250-251 X..30
253 N13k [X..17]
254 X..20
255 N13k [N..12]
400-401 X..30
402 N17k
403 X..30
410-417 N13k
420 X..20
421 N3 X..9
422 N3
423 N3 N..12
424 N3
425 N3 N..12
426 N3
427 X..3
710-717 X..20
310n-316n N6
320n-337n N6
340n-357n N6
360n-369n N6
3900-3909 N..15
3910-3919 N3 N..15
3920-3929 N..15
3930-3939 N3 N..15
3940-3943 N4
3950-3955 N6
4300-4301 X..35
4302-4306 X..70
4307 X2
4308 X..30
4309 N20
4310-4311 X..35
4312-4316 X..70
4317 X2
4318 X..20
4319 X..30
4320 X..35
4321-4323 N1
4324-4325 N10
4326 N6d
4330-4333 N6 [X1]
7001 N13
7002 X..30
7003 N10
7004 N..4
7005 X..12
7006 N6d
7007 N6d [N6d]
7008 X..3
7009 X..10
7010 X..2
7011 N6d [N4]
7020-7022 X..20
7023 X..30
7030-7039 N3 X..27
7040 N1 X3
7041 X..4
7230-7239 X2 X..28
7240 X..20
7241 N2
7242 X..25
7250 N8
7251 N12
7252 N1
7253-7254 X..40
7255 X..10
7256 X..90
7257 X..70
7258 X3
7259 X..40
8001 N14
8002 X..20
8003 N14k [X..16]
8004 X..30
8005 N6
8006 N14k N4
8007 X..34
8008 N8 [N..4]
8009 X..50
8010 X..30
8011 N..12
8012 X..20
8013 X..25
8014 X..25
8017-8018 N18k
8019 N..10
8020 X..25
8026 N14k N4
8030 X..90
8040-8043 X..70
8110 X..70
8111 N4
8112 X..70
8200 X..70
`;

/** First two digits of identifiers whose end needs no mark. */
const UNMARKED = "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41".split(" ");

function part(text) {
    const [, optional, kind, upto, most, check] = text.match(/^(\[?)([NX])(\.\.)?(\d+)([kd]?)\]?$/);
    const one = kind === "N" ? "[0-9]" : "[^\\x00-\\x1f\\x7f]";
    const pattern = `(${one}{${upto ? 1 : most},${most}})${optional ? "?" : ""}`;
    return { pattern, longest: Number(most), check };
}

function format(name, texts) {
    const parts = texts.map(part);
    return {
        pattern: new RegExp(`^${parts.map((one) => one.pattern).join("")}$`, "u"),
        longest: parts.reduce((sum, one) => sum + one.longest, 0),
        checks: parts.map((one) => one.check),
        marked: !UNMARKED.includes(name.slice(0, 2)),
    };
}

/** Every identifier of "01-03" or "310n-316n". */
function names(text) {
    const [first, last = first] = text.replaceAll("n", "").split("-");
    const endings = text.includes("n") ? [0, 1, 2, 3, 4, 5] : [""];
    const count = Number(last) - Number(first) + 1;
    const numbers = Array.from({ length: count }, (_, index) =>
        String(Number(first) + index).padStart(first.length, "0"),
    );
    return numbers.flatMap((number) => endings.map((ending) => `${number}${ending}`));
}

/** `{identifier: {pattern, longest, checks, marked}}` */
export const FORMATS = new Map(
    TABLE.trim()
        .split("\n")
        .map((line) => line.split(" "))
        .flatMap(([range, ...texts]) => names(range).map((name) => [name, format(name, texts)])),
);
