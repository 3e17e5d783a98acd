import { Component, onWillDestroy, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { session } from "@web/session";
import { scanByCamera } from "./scan_camera";
import { ScanModel } from "./scan_model";
import { useWedge } from "./scan_wedge";

const POLL_MS = 5000;
const COLOURS = { online: "success", offline: "danger", login: "warning" };

/** Picking, packing and loading by scanner: every scan is shown at once, kept on the device, and then sent. */
export class ScanApp extends Component {
    static template = "order_fulfilment.ScanApp";
    static props = ["*"];

    setup() {
        this.model = useState(
            new ScanModel(`${session.db || ""}_${user.userId || session.uid || ""}`),
        );
        this.ui = useState({ short: false, typed: null });
        this.hasCamera = isBarcodeScannerSupported();
        useAutofocus({ refName: "typed" });
        useWedge((barcode) => this.scan(barcode));
        onWillStart(() => this.model.start());
        const timer = setInterval(() => document.hidden || this.model.poll(), POLL_MS);
        useExternalListener(
            document,
            "visibilitychange",
            () => document.hidden || this.model.poll(),
        );
        onWillDestroy(() => {
            clearInterval(timer);
            this.model.stop();
        });
    }

    scan(barcode) {
        Object.assign(this.ui, { short: false, typed: null });
        if (barcode.toUpperCase() === "OF-CMD-TASKS") {
            return this.model.leave();
        }
        return this.model.scan(barcode);
    }

    /** A label that no scanner reads, typed off by hand. */
    scanTyped() {
        const barcode = this.ui.typed.trim();
        return barcode ? this.scan(barcode) : (this.ui.typed = null);
    }

    async camera() {
        if (!(await scanByCamera(this.env, (barcode) => this.scan(barcode)))) {
            this.model.say(
                "danger",
                _t("The camera needs the network the first time. Type or scan."),
            );
        }
    }

    get network() {
        const texts = { online: _t("Online"), offline: _t("No network"), login: _t("Log in") };
        return { text: texts[this.model.network], colour: COLOURS[this.model.network] };
    }

    get loginUrl() {
        return `/web/login?redirect=${encodeURIComponent(location.pathname)}`;
    }

    get phase() {
        return (this.model.view || this.model.data).phase;
    }

    get steps() {
        const { packs, loads } = this.model.view;
        const names = {
            pick: _t("Pick"),
            pack: _t("Pack"),
            load: _t("Load"),
            confirm: _t("Finish"),
        };
        return ["pick", packs && "pack", loads && "load", "confirm"]
            .filter(Boolean)
            .map((step) => ({ step, name: names[step], isCurrent: step === this.phase }));
    }

    get progress() {
        const { lines } = this.model.view;
        const done = {
            pick: lines.filter((line) => line.picked).length,
            pack: lines.filter((line) => line.box).length,
        }[this.phase];
        return done === undefined
            ? ""
            : _t("%(done)s of %(total)s lines", { done, total: lines.length });
    }

    /** The line to be picked, in words. */
    get line() {
        const line = this.model.view.pending() || this.model.view.nextLine();
        return {
            ...line,
            placeName: this.model.nameOf("place", line.place),
            productName: this.model.nameOf("product", line.product),
            transferName: this.model.nameOf("transfer", line.transfer),
            unit: this.model.data.units[line.product],
            bin: this.model.view.bins[line.transfer],
            carton: line.box && this.model.nameOf("box", line.box),
            isHere: this.model.view.place() === line.place,
            isBusy: this.model.view.others.includes(line.place),
            isPending: Boolean(this.model.view.pending()),
        };
    }

    get packing() {
        const view = this.model.view;
        const boxId = view.session.transfer === view.transfer() && view.session.box;
        return {
            transfer: this.model.nameOf("transfer", view.transfer()),
            bin: view.bins[view.transfer()],
            box: boxId && (boxId > 0 ? this.model.data.names[`box-${boxId}`] || "" : _t("new box")),
            hasBox: Boolean(boxId),
            lines: view.toPack.map((line) => ({
                ...line,
                name: this.model.nameOf("product", line.product),
            })),
        };
    }

    get loading() {
        const { boxes, docks, session: mine } = this.model.view;
        return {
            docks: Object.values(docks).join(", "),
            isAtDock: !Object.keys(docks).length || mine.dock in docks,
            boxes: boxes.map((box) => ({ ...box, name: this.model.nameOf("box", box.id) })),
        };
    }
}
