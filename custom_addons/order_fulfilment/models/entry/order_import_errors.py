from odoo.exceptions import UserError

from ...tools.entry.import_fault import ImportFault


def fault_text(env, fault):
    """Code, position and reason of ``fault`` in the user's language."""
    return fault.text(env._)


def fault_reason(env, fault):
    """The reason of ``fault`` without code and position, in the user's language."""
    return fault.reason(env._)


def raise_fault(env, code, **params):
    """Raise the error ``code`` of the catalogue as one that every client understands."""
    raise UserError(fault_text(env, ImportFault(code, **params)))
