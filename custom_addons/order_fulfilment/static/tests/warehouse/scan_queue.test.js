import { expect, test } from "@odoo/hoot";
import { ScanQueue } from "@order_fulfilment/warehouse/scan_app/scan_queue";

function offline() {
    return Object.assign(new Error("No network"), { isOffline: true });
}

let number = 0;
const freshName = () => `test_scans_${Date.now()}_${number++}`;

test("scans are sent in order and leave the queue once answered", async () => {
    const answered = [];
    const queue = new ScanQueue(
        async (scan) => ({ message: { text: scan.barcode } }),
        (scan, answer) => answered.push(answer.message.text),
        freshName(),
    );
    await queue.add({ barcode: "A" });
    await queue.add({ barcode: "B" });
    expect(await queue.drain()).toBe(true);
    expect(answered).toEqual(["A", "B"]);
    expect(await queue.waiting()).toEqual([]);
});

test("without network a scan stays, with its id, also for a new start", async () => {
    const name = freshName();
    const queue = new ScanQueue(
        () => Promise.reject(offline()),
        () => {},
        name,
    );
    const { scan_id } = await queue.add({ barcode: "A" });
    expect(await queue.drain()).toBe(false);
    const sent = [];
    const restarted = new ScanQueue(
        async (scan) => sent.push(scan.scan_id) && { message: {} },
        () => {},
        name,
    );
    expect(await restarted.drain()).toBe(true);
    expect(sent).toEqual([scan_id]);
});

test("what the server refuses is shown and does not hold up the next scan", async () => {
    const texts = [];
    const queue = new ScanQueue(
        (scan) =>
            scan.barcode === "A"
                ? Promise.reject(new Error("gone"))
                : Promise.resolve({ message: { text: "ok" } }),
        (scan, answer) => texts.push(answer.message.text),
        freshName(),
    );
    await queue.add({ barcode: "A" });
    await queue.add({ barcode: "B" });
    await queue.drain();
    expect(texts).toEqual(["gone", "ok"]);
});
