import { patch } from "@web/core/utils/patch";
import { ProductConfiguratorDialog } from "@sale/js/product_configurator_dialog/product_configurator_dialog";
import "./option_configurator_dialog";

/** An option can take a number ("n of it go into one end item"): the price follows while it is typed. */
patch(ProductConfiguratorDialog.prototype, {
    /** @return {Object} - Whole numbers typed for the selected free-text values, by value id. */
    _optionQuantities(product) {
        const quantities = {};
        for (const ptal of product.attribute_lines) {
            const ptav = ptal.attribute_values.find(
                (value) => value.is_custom && ptal.selected_attribute_value_ids.includes(value.id),
            );
            if (ptav && /^\s*\d+\s*$/.test(ptal.customValue || "")) {
                quantities[ptav.id] = parseInt(ptal.customValue);
            }
        }
        return quantities;
    },

    _optionTerms(product) {
        return {
            ...super._optionTerms(product),
            option_quantities: this._optionQuantities(product),
        };
    },

    _updateCombination(product) {
        // The parameters are put together before anything is awaited.
        this.optionQuantities = this._optionQuantities(product);
        const answer = super._updateCombination(...arguments);
        this.optionQuantities = null;
        return answer;
    },

    _getAdditionalRpcParams() {
        const params = super._getAdditionalRpcParams();
        return this.optionQuantities
            ? { ...params, option_quantities: this.optionQuantities }
            : params;
    },

    async _updatePTAVCustomValue(productTmplId) {
        super._updatePTAVCustomValue(...arguments);
        const product = this._findProduct(productTmplId);
        if (this.currency.id && Object.keys(this._optionQuantities(product)).length) {
            await this._refreshOptionPrice(product);
        }
    },
});
