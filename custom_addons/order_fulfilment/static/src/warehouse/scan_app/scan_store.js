/** Where a device keeps its scans: IndexedDB, or localStorage where a browser offers no other (private windows). */

const STORE = "scans";

function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

class DatabaseStore {
    constructor(database) {
        this.database = database;
    }

    static async open(name) {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () =>
            request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
        return new DatabaseStore(await settled(request));
    }

    scans(mode) {
        return this.database.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
    }

    add(scan) {
        return settled(this.scans("readwrite").add(scan));
    }

    all() {
        return settled(this.scans("readonly").getAll());
    }

    async first() {
        return (await settled(this.scans("readonly").getAll(null, 1)))[0];
    }

    remove(number) {
        return settled(this.scans("readwrite").delete(number));
    }
}

export class LocalStore {
    constructor(name) {
        this.key = name;
    }

    read() {
        return JSON.parse(localStorage.getItem(this.key) || "[]");
    }

    write(scans) {
        localStorage.setItem(this.key, JSON.stringify(scans));
    }

    async add(scan) {
        const scans = this.read();
        const number = Math.max(Date.now(), (scans.at(-1)?.number || 0) + 1);
        this.write([...scans, { ...scan, number }]);
        return number;
    }

    async all() {
        return this.read();
    }

    async first() {
        return this.read()[0];
    }

    async remove(number) {
        this.write(this.read().filter((scan) => scan.number !== number));
    }
}

export async function openStore(name) {
    try {
        return await DatabaseStore.open(name);
    } catch {
        return new LocalStore(name);
    }
}
