import { App, Component, whenReady, xml } from "@odoo/owl";
import { appTranslateFn } from "@web/core/l10n/translation";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { getTemplate } from "@web/core/templates";
import { makeEnv, startServices } from "@web/env";
import { needsReader, READER } from "../scan_app/scan_camera";
import { ScanApp } from "../scan_app/scan_app";

class ScanPage extends Component {
    static components = { ScanApp, MainComponentsContainer };
    static props = {};
    static template = xml`<ScanApp /><MainComponentsContainer />`;
}

/** The app as a page of its own, which starts without network once its service worker has seen it. */
async function start() {
    await whenReady();
    navigator.serviceWorker
        ?.register("/order_fulfilment/scan/service-worker.js", { scope: "/order_fulfilment/scan/" })
        .catch(() => {}); // web views have none: the queue works all the same
    const env = makeEnv();
    await startServices(env);
    const app = new App(ScanPage, {
        env,
        getTemplate,
        dev: env.debug,
        translateFn: appTranslateFn,
        translatableAttributes: ["data-tooltip"],
    });
    await app.mount(document.body);
    keepResources();
}

/** Tell the service worker what this page has loaded, most of it before the worker was there. */
async function keepResources() {
    const registration = await navigator.serviceWorker?.ready;
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    const urls = needsReader() ? [...loaded, new URL(READER, location.origin).href] : loaded;
    registration?.active.postMessage({ keep: urls });
}

start();
