"""Runs Odoo's own tests over the whole registry: at_install classes too, which Odoo alone would run before
our add-ons are loaded. Called like Odoo's server; writes one JSON line per test to $CORE_RESULTS.
"""

import json
import os

import odoo.cli
from odoo import tools
from odoo.tests import loader
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite
from odoo.tests.tag_selector import TagsSelector

RESULTS = os.environ["CORE_RESULTS"]


def suite_of_all(module_names, position="at_install"):
    """In place of ``loader.make_suite``: everything after installation, nothing before."""
    chosen = TagsSelector(tools.config["test_tags"])
    tests = (
        test
        for name in (module_names if position == "post_install" else ())
        for module in loader.get_test_modules(name)
        for test in loader.get_module_test_cases(module)
        if chosen.check(test)
    )
    return OdooSuite(sorted(tests, key=lambda test: getattr(test, "test_sequence", 0)))


def recorded(outcome, original):
    """``original`` of OdooTestResult, which also notes the test's outcome."""

    def method(self, test, *details):
        case = getattr(test, "test_case", test)  # a subtest counts for its test
        with open(RESULTS, "a", encoding="utf-8") as file:
            file.write(json.dumps({"test": case.id(), "outcome": outcome}) + "\n")
        return original(self, test, *details)

    return method


if __name__ == "__main__":
    loader.make_suite = suite_of_all
    for outcome, name in (
        ("run", "startTest"),
        ("failed", "addError"),
        ("failed", "addFailure"),
        ("skipped", "addSkip"),
    ):
        setattr(OdooTestResult, name, recorded(outcome, getattr(OdooTestResult, name)))
    odoo.cli.main()
