import { rpc } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { useSubEnv } from "@odoo/owl";
import { ProductConfiguratorDialog } from "@sale/js/product_configurator_dialog/product_configurator_dialog";

/**
 * Odoo's dialog keeps one value selected per attribute. Here each of them is either *chosen* by the
 * customer or filled in by us; what we filled in gives way to what the customer chooses. A product's
 * `optionState` holds `chosen`, the `impossible` values, and what the last tap met with.
 */
patch(ProductConfiguratorDialog.prototype, {
    setup() {
        super.setup();
        useSubEnv({
            applyOptionRepair: this._applyOptionRepair.bind(this),
            dismissOptionFinding: this._dismissOptionFinding.bind(this),
        });
    },

    async _loadData(onlyMainProduct) {
        const data = await super._loadData(onlyMainProduct);
        for (const product of [...data.products, ...data.optional_products]) {
            if (product.option_rules) {
                // What an edited line holds was agreed with the customer: all of it is chosen.
                const chosen = this.props.edit ? this._getCombination(product) : [];
                product.optionState = { chosen, impossible: [], finding: null, moved: [] };
                await this._askOptions(product, null);
            }
        }
        return data;
    },

    async _updateProductTemplateSelectedPTAV(productTmplId, ptalId, ptavId, isMulti) {
        const product = this._findProduct(productTmplId);
        if (!product.optionState) {
            return super._updateProductTemplateSelectedPTAV(...arguments);
        }
        if (await this._askOptions(product, parseInt(ptavId))) {
            await this._refreshOptionPrice(product);
        }
    },

    /**
     * Ask the server about one tap, take over its answer, and say whether the tap was accepted. Answers may
     * come late and out of order: only that of the last tap counts.
     */
    async _askOptions(product, wantedId) {
        const state = product.optionState;
        const turn = (state.turn = (state.turn || 0) + 1);
        const answer = await rpc("/order_fulfilment/options/choose", {
            product_template_id: product.product_tmpl_id,
            chosen_ids: state.chosen,
            shown_ids: this._getCombination(product),
            wanted_id: wantedId,
            ...this._optionTerms(product),
        });
        const current = this._findProduct(product.product_tmpl_id)?.optionState || state;
        if (turn !== current.turn) {
            return false;
        }
        this._takeOptionAnswer(product, answer);
        return answer.accepted;
    },

    _optionTerms(product) {
        return {
            so_date: this.props.soDate,
            pricelist_id: this.props.pricelistId,
            partner_id: this.props.partnerId,
            company_id: this.props.companyId,
            quantity: product.quantity,
            uom_id: product.uom?.id,
        };
    },

    _takeOptionAnswer(product, answer) {
        if (!answer.accepted) {
            // A new object makes the list draw the value as it was: the browser has ticked the one tapped.
            product.optionState = { ...product.optionState, finding: answer };
            return;
        }
        product.optionState = {
            ...product.optionState,
            chosen: answer.chosen,
            impossible: answer.impossible,
            moved: answer.moved,
            finding: null,
        };
        const selected = new Set(answer.selection);
        for (const ptal of product.attribute_lines) {
            ptal.selected_attribute_value_ids = ptal.attribute_values
                .map((ptav) => ptav.id)
                .filter((id) => selected.has(id));
        }
        this._markImpossible(product);
    },

    _markImpossible(product) {
        const impossible = new Set(product.optionState.impossible);
        for (const ptav of product.attribute_lines.flatMap((ptal) => ptal.attribute_values)) {
            ptav.excluded = impossible.has(ptav.id);
        }
    },

    async _applyOptionRepair(productTmplId) {
        const product = this._findProduct(productTmplId);
        product.optionState.chosen = product.optionState.finding.repair.selection;
        if (await this._askOptions(product, null)) {
            await this._refreshOptionPrice(product);
        }
    },

    _dismissOptionFinding(productTmplId) {
        const product = this._findProduct(productTmplId);
        product.optionState = { ...product.optionState, finding: null, moved: [] };
    },

    async _refreshOptionPrice(product) {
        const values = await this._updateCombination(product, product.quantity, product.uom.id);
        Object.assign(product, values);
    },

    _checkExclusions(product) {
        if (!product.optionState) {
            return super._checkExclusions(product);
        }
        this._markImpossible(product);
        this._getChildProducts(product.product_tmpl_id).forEach((child) =>
            this._checkExclusions(child),
        );
    },

    _isPossibleCombination(product) {
        // Bound to the dialog nowhere in core: it may only use its argument.
        if (!product.optionState) {
            return super._isPossibleCombination(product);
        }
        return !(product.optionState.finding && !product.optionState.finding.wanted.length);
    },

    _getAdditionalRpcParams() {
        return { ...super._getAdditionalRpcParams(), partner_id: this.props.partnerId };
    },
});

ProductConfiguratorDialog.props = {
    ...ProductConfiguratorDialog.props,
    partnerId: { type: Number, optional: true },
};
