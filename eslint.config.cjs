// The rules of Odoo's own addons/web/tooling/_eslintrc.json, in the format of ESLint 9.
const js = require("@eslint/js");
const prettier = require("eslint-config-prettier");
const globals = require("globals");

const ODOO_GLOBALS = ["odoo", "$", "jQuery", "Chart", "luxon", "DOMPurify", "Modal", "Tooltip", "Popover"];

module.exports = [
    js.configs.recommended,
    prettier,
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: {
                ...globals.browser,
                ...Object.fromEntries(ODOO_GLOBALS.map((name) => [name, "readonly"])),
            },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            "arrow-body-style": ["error", "as-needed"],
            complexity: ["error", 10],
            curly: ["error", "all"],
            eqeqeq: ["error", "always", { null: "ignore" }],
            "no-alert": "error",
            "no-console": "error",
            "no-debugger": "error",
            "no-duplicate-imports": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": ["error", "PrivateIdentifier"],
            "no-unused-vars": ["error", { vars: "all", args: "none", caughtErrors: "all" }],
            "no-var": "error",
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
        },
    },
];
