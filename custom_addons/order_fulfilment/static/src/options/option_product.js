import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ComboConfiguratorDialog } from "@sale/js/combo_configurator_dialog/combo_configurator_dialog";
import { Product } from "@sale/js/product/product";
import { ProductTemplateAttributeLine } from "@sale/js/product_template_attribute_line/product_template_attribute_line";
import { SaleOrderLineProductField } from "@sale/js/sale_product_field";

Product.props = {
    ...Product.props,
    option_rules: { type: Boolean, optional: true },
    optionState: { type: Object, optional: true },
};

patch(Product.prototype, {
    get optionFinding() {
        return this.props.optionState?.finding;
    },
    get optionMoves() {
        return this.props.optionState?.moved || [];
    },
    get optionWantedName() {
        return (this.optionFinding?.wanted || []).map((value) => value.name).join(", ");
    },
    get optionRepairPrice() {
        const difference = this.optionFinding?.repair?.price_difference || 0;
        const sign = difference < 0 ? "−" : "+";
        return `${sign}${formatCurrency(Math.abs(difference), this.env.currency.id)}`;
    },
    get optionOnlyWanted() {
        return this.optionFinding.repair.changes.every((change) => change.is_wanted);
    },
});

// A greyed value stays tappable: the tap brings the reason and the way out.
patch(ProductTemplateAttributeLine.prototype, {
    getPTAVSelectName(ptav) {
        const name = super.getPTAVSelectName(ptav);
        return ptav.excluded ? _t("%s – not with your choices", name) : name;
    },
});

patch(SaleOrderLineProductField.prototype, {
    _getAdditionalDialogProps() {
        const partnerId = this.props.record.model.root.data.partner_id?.id;
        return { ...super._getAdditionalDialogProps(), ...(partnerId ? { partnerId } : {}) };
    },
});

// The line hands the same props to the dialog for combos, which hands them on to the one for its items.
ComboConfiguratorDialog.props = {
    ...ComboConfiguratorDialog.props,
    partnerId: { type: Number, optional: true },
};

patch(ComboConfiguratorDialog.prototype, {
    _getAdditionalDialogProps() {
        const { partnerId } = this.props;
        return { ...super._getAdditionalDialogProps(), ...(partnerId ? { partnerId } : {}) };
    },
});
