import { registry } from "@web/core/registry";
import { ScanApp } from "./scan_app";

registry.category("actions").add("order_fulfilment.scan_app", ScanApp);
