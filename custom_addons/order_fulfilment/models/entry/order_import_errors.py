from odoo.exceptions import UserError

from ...tools.entry.import_fault import ImportFault


def fault_text(env, fault):
    """Code, position and reason of ``fault`` in the user's language."""
    return fault.text(lambda term: env._(term))  # pylint: disable=translation-not-lazy,gettext-variable


def fault_reason(env, fault):
    """The reason of ``fault`` without code and position, in the user's language."""
    return fault.reason(lambda term: env._(term))  # pylint: disable=translation-not-lazy,gettext-variable


def raise_fault(env, code, **params):
    """Raise the error ``code`` of the catalogue as one that every client understands."""
    raise UserError(fault_text(env, ImportFault(code, **params)))
