"""The names that examples in the documentation use, over either protocol.

Before a method of ours is called, the same call is made as a portal user, who must be denied and must leave
no trace: so every documented method is tried on a foreign record in a state in which it would work.
"""

import contextlib
import itertools
import os
import xmlrpc.client

from served.clients import Json2Error

from .snapshot import Snapshot, changed

PROTOCOLS = ("xmlrpc", "json2")
STRANGER = "nets_stranger"
_numbers = itertools.count(1)
# What a denial looks like: Odoo's fault codes for AccessDenied and AccessError, and their HTTP statuses.
_DENIED_FAULTS = (3, 4)
_DENIED_STATUSES = (401, 403, 404)
# Portal users may call these; each says why.
OPEN_TO_PORTAL: dict[str, str] = {}


class ExampleError(AssertionError):
    """Raised by ``refused`` when a call is not refused, and by the portal check."""


class Caller:
    """Gives an example its names; ``guarded`` are the methods that portal users are denied."""

    def __init__(self, server, protocol: str, guarded: set[str]):
        self.server, self.protocol, self.guarded = server, protocol, guarded - set(OPEN_TO_PORTAL)
        self.snapshot = Snapshot(server.psql)
        server.create_user(STRANGER, "base.group_portal")

    def names(self) -> dict:
        return {name: getattr(self, name) for name in ("call", "create", "find", "ref", "refused", "unique")}

    def call(self, model: str, method: str, ids=None, **kwargs):
        """Call a public method on ``ids`` (none for a method of the model)."""
        if f"{model}.{method}" in self.guarded:
            self._expect_denial(model, method, ids, kwargs)
        return self._call(None, model, method, ids, kwargs)

    def _call(self, login, model, method, ids, kwargs):
        if self.protocol == "json2":
            given = {} if ids is None else {"ids": ids}
            return self.server.json2(model, method, login=login, **given, **kwargs)
        return self.server.rpc(model, method, [] if ids is None else [ids], kwargs, login=login)

    def _expect_denial(self, model, method, ids, kwargs):
        with self.server.without_jobs():
            self._expect_denial_alone(model, method, ids, kwargs)

    def _expect_denial_alone(self, model, method, ids, kwargs):
        before = self.snapshot.take()
        try:
            answer = self._call(STRANGER, model, method, ids, kwargs)
        except (xmlrpc.client.Fault, Json2Error) as error:
            if not is_denial(error):
                raise ExampleError(f"{model}.{method} tells a portal user more than no: {error}") from error
        else:
            raise ExampleError(f"{model}.{method} answers a portal user on a foreign record: {answer}")
        if tables := changed(before, self.snapshot.take()):
            raise ExampleError(f"{model}.{method} denied a portal user but wrote to {tables}")

    def create(self, model: str, values: dict, **kwargs) -> int:
        """Create one record and return its id."""
        if self.protocol == "xmlrpc":  # Odoo looks at the first positional argument of a create over XML-RPC
            [found] = self.server.rpc(model, "create", [[values]], kwargs)
        else:
            [found] = self.call(model, "create", vals_list=[values], **kwargs)
        return found

    def find(self, model: str, *domain) -> int:
        """Id of the first record that meets the conditions."""
        [found] = self.call(model, "search", domain=[list(part) for part in domain], limit=1)
        return found

    def ref(self, external_id: str) -> int:
        return self.server.ref(external_id)

    def refused(self, code: str, *arguments, **kwargs) -> str:
        """Make a call that must fail with ``code`` in its message; return the message."""
        try:
            answer = self.call(*arguments, **kwargs)
        except (xmlrpc.client.Fault, Json2Error) as error:
            message = getattr(error, "faultString", None) or error.message
            if f"[{code}]" not in message:
                raise ExampleError(f"expected [{code}], got: {message}") from error
            return message
        raise ExampleError(f"expected [{code}], got an answer: {answer}")

    @staticmethod
    def unique(beginning: str) -> str:
        """A text that no other run of an example uses."""
        return f"{beginning}-{os.getpid()}-{next(_numbers)}"


def is_denial(error: Exception) -> bool:
    """Whether a client's error says "you may not" (or "there is no such thing") and nothing else."""
    with contextlib.suppress(AttributeError):
        return error.status in _DENIED_STATUSES
    return error.faultCode in _DENIED_FAULTS
