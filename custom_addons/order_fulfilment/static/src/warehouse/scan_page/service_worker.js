// @odoo-module ignore

/* The scan app without network: its page and what it loads are kept, the newest that was seen. Calls are not kept. */
const CACHE = "order_fulfilment-scan-1";
const PAGE = "/order_fulfilment/scan/app";

self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(keepPage());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The page, and all that it names: they were loaded before this worker was there. */
async function keepPage() {
    const cache = await caches.open(CACHE);
    const response = await fetch(PAGE);
    if (!response.ok || response.redirected) {
        return;
    }
    const html = await response.clone().text();
    const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1].replaceAll("&amp;", "&"));
    await Promise.all(named.map((url) => cache.add(url).catch(() => {})));
    await cache.put(PAGE, response);
}

self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/web/login")) {
        return;
    }
    const isFixed = url.pathname.startsWith("/web/assets/"); // its address names its content
    event.respondWith(isFixed ? cacheFirst(event.request) : networkFirst(event.request));
});

async function cacheFirst(request) {
    return (await caches.match(request)) || networkFirst(request);
}

async function networkFirst(request) {
    try {
        const response = await fetch(request);
        if (response.ok && !response.redirected && response.type === "basic") {
            const cache = await caches.open(CACHE);
            await cache.put(request, response.clone());
        }
        return response;
    } catch (error) {
        const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
        if (kept) {
            return kept;
        }
        throw error;
    }
}
