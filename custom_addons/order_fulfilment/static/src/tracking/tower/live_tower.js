import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";

const CHANNEL = "order_fulfilment.tower";
// Many events at once, such as an import, are one reload; the server leaves out what happens within 1 s.
const DELAY_MS = 2000;

/** Load the view's data again soon after something happened to any order, and when somebody looks again. */
export function useLiveTower(load) {
    const bus = useService("bus_service");
    let timer = null;
    let isBehind = false;
    const look = () => {
        timer = null;
        isBehind = document.hidden; // nobody sees it: wait until somebody does
        if (!isBehind) {
            load();
        }
    };
    const lookSoon = () => {
        timer ??= browser.setTimeout(look, DELAY_MS);
    };
    bus.addChannel(CHANNEL);
    bus.subscribe(`${CHANNEL}/changed`, lookSoon);
    // What happened before the server knew that we listen, or while we could not hear it.
    lookSoon();
    useBus(bus, "BUS:CONNECT", lookSoon);
    useBus(bus, "BUS:RECONNECT", lookSoon);
    useExternalListener(document, "visibilitychange", () => isBehind && look());
    onWillUnmount(() => {
        browser.clearTimeout(timer);
        bus.unsubscribe(`${CHANNEL}/changed`, lookSoon);
        bus.deleteChannel(CHANNEL);
    });
}
