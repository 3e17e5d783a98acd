import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";

/** A rate; nothing where nothing counts yet, as 0 % would say that every promise was broken. */
function formatServiceFigure(value, options) {
    return value === false ? "" : formatPercentage(value, options);
}
formatServiceFigure.extractOptions = formatPercentage.extractOptions;

export class ServiceFigureField extends PercentageField {
    get formattedValue() {
        return this.props.record.data[this.props.name] === false ? "" : super.formattedValue;
    }
}

registry
    .category("fields")
    .add("service_figure", { ...percentageField, component: ServiceFigureField });
registry.category("formatters").add("service_figure", formatServiceFigure);
