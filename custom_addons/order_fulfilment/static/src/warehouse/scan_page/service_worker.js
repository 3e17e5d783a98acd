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

/** The page names what it loaded before this worker was there. */
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data.keep || [])));

async function keepAll(urls) {
    const cache = await caches.open(CACHE);
    for (const url of urls.filter((name) => isKept(new URL(name)))) {
        if (!(await cache.match(url))) {
            await cache.add(url).catch(() => {}); // was no page to get: nothing to keep
        }
    }
}

function isKept(url) {
    return (
        url.origin === location.origin &&
        !url.pathname.startsWith("/web/login") &&
        !url.pathname.startsWith("/web/dataset") &&
        !url.pathname.endsWith("/service-worker.js") &&
        url.pathname !== "/order_fulfilment/scan"
    );
}

self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || !isKept(url)) {
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
        // The page, and translations asked for by the hash of those at hand: whatever was kept will do.
        const ignoreSearch = request.mode === "navigate" || request.url.includes("/translations");
        const kept = await caches.match(request, { ignoreSearch });
        if (kept) {
            return kept;
        }
        throw error;
    }
}
