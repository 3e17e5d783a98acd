/** The camera as a scanner: one code per touch, so that a phone held too long over a piece counts it once. */

import { onMounted } from "@odoo/owl";
import { loadJS } from "@web/core/assets";
import { BarcodeDialog } from "@web/core/barcode/barcode_dialog";
import { BarcodeVideoScanner } from "@web/core/barcode/barcode_video_scanner";

export const READER = "/web/static/lib/zxing-library/zxing-library.js";

/** Whether barcodes are read by a script that has to be loaded, as the browser cannot. */
export function needsReader() {
    return !("BarcodeDetector" in window);
}

/**
 * Where the browser reads no barcodes itself, Odoo's copy of ZXing does; unless told so, it drops the FNC1 of a
 * GS1-128 symbol, and a lot would swallow the quantity behind it.
 */
class Gs1VideoScanner extends BarcodeVideoScanner {
    setup() {
        super.setup();
        onMounted(() => {
            if (this.isZXingBarcodeDetector()) {
                const { reader } = this.detector;
                reader.setHints(
                    new Map([...reader.hints, [window.ZXing.DecodeHintType.ASSUME_GS1, true]]),
                );
            }
        });
    }
}

class CameraDialog extends BarcodeDialog {
    static components = { ...BarcodeDialog.components, BarcodeVideoScanner: Gs1VideoScanner };
}

/**
 * @param {(barcode: string) => void} onBarcode
 * @returns {Promise<boolean>} false where what reads barcodes is not on this device and cannot be fetched
 */
export async function scanByCamera(env, onBarcode) {
    if (needsReader()) {
        try {
            await loadJS(READER);
        } catch {
            return false;
        }
    }
    const onError = () => {}; // the dialog says what is wrong
    env.services.dialog.add(CameraDialog, {
        facingMode: "environment",
        onResult: onBarcode,
        onError,
    });
    return true;
}
