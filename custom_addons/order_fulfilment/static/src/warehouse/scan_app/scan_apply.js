/** What a verdict changes in the view on the device, until the server's word is there. */

const VERBS = {
    count: (view, id, quantity) =>
        update(view, [id], (line) => ({ scanned: line.scanned + quantity })),
    finish: (view, id, quantity, box) =>
        update(view, [id], (line) => ({
            scanned: line.scanned + quantity,
            picked: true,
            box: box || line.box,
        })),
    // Where the goods lie elsewhere only the server knows: the line is left, its rest comes with the next answer.
    short: (view, id) => {
        const found = update(view, [id], (line) => ({ wanted: line.scanned, picked: true }));
        return found.with({ lines: found.lines.filter((line) => line.wanted > 0) });
    },
    open: (view) => view.with({ session: { ...view.session, box: -1 } }), // its number comes from the server
    pack: (view, id, quantity, box) =>
        update(view, [id], (line) => ({ packed: line.packed + quantity, open_box: box })),
    close: (view, transfer, box) => close(view, transfer, box),
    load: (view, id) =>
        view.with({
            boxes: view.boxes.map((box) => (box.id === id ? { ...box, loaded: true } : box)),
        }),
    confirm: (view) => view.with({ lines: [] }),
};

export function applyVerdict(view, verdict) {
    const next = view.with({ session: verdict.session });
    if (!verdict.change) {
        return next;
    }
    const [verb, ...operands] = verdict.change;
    return VERBS[verb](next, ...operands);
}

function update(view, ids, change) {
    return view.with({
        lines: view.lines.map((line) =>
            ids.includes(line.id) ? { ...line, ...change(line) } : line,
        ),
    });
}

/** The box takes what was scanned into it; the rest of a line stays to be packed. */
function close(view, transfer, box) {
    const lines = view.lines.flatMap((line) => {
        if (line.transfer !== transfer || line.box || !line.packed) {
            return [line];
        }
        const inside = { ...line, wanted: line.packed, scanned: line.packed, box };
        const rest = line.wanted - line.packed;
        return rest > 0
            ? [inside, { ...line, id: -line.id, wanted: rest, scanned: rest, packed: 0 }]
            : [inside];
    });
    return view.with({ lines, boxes: [...view.boxes, { id: box, transfer, loaded: false }] });
}
