"""Errors that end a command with one clear sentence and an exit status."""

import errno
import re


class DevError(Exception):
    """The text is one sentence for the person at the keyboard: what is wrong and what to do."""


class CommandError(DevError):
    """A program that we started failed; ``output`` is what it printed."""

    def __init__(self, message: str, output: str = ""):
        super().__init__(message)
        self.output = output


NO_SPACE = (
    "The disk is full: free some space where {place} lies (or point LOCAL_DIR elsewhere) "
    "and run the same command again."
)
NO_NETWORK = (
    "{what} could not be fetched because the network or the mirror is out of reach: "
    "check the connection and run the same command again."
)
NO_TRUST = (
    "{what} could not be fetched because this machine does not trust the mirror's certificate: "
    "add its authority to /etc/ssl/certs and run the same command again."
)
NOT_FOUND = (
    "Package {package} is not found in the sources that this machine is configured with: "
    "add a source that has it{hint}."
)

_NO_SPACE = re.compile(
    r"No space left on device|Disk quota exceeded|ENOSPC|don't have enough free space", re.I
)
_NO_NETWORK = re.compile(
    r"Could not resolve|Temporary failure (in name resolution|resolving)|Could not connect|"
    r"Cannot initiate the connection|Connection (timed out|refused|failed)|Network is unreachable|"
    r"No route to host|Failed to establish a new connection|NameResolutionError|getaddrinfo|ENOTFOUND|"
    r"EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|Read timed out",
    re.I,
)
_NO_TRUST = re.compile(
    r"certificate verify failed|CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|"
    r"certificate is NOT trusted",
    re.I,
)
_NOT_FOUND = (
    re.compile(r"Unable to locate package (\S+)"),
    re.compile(r"Package '?([^'\s]+)'? has no installation candidate"),
    re.compile(r"Can't find a source to download version .* of '([^':]+)"),
    re.compile(r"No matching distribution found for (\S+)"),
    re.compile(r"404 Not Found - GET \S+/([^/\s]+)"),
    re.compile(r"No matching version found for (\S+?)\.?\s"),
)


def explain(what: str, output: str, place: str = "the project", hint: str = "") -> str | None:
    """The sentence for a known cause of failure found in ``output``, else None."""
    if _NO_SPACE.search(output):
        return NO_SPACE.format(place=place)
    if _NO_TRUST.search(output):
        return NO_TRUST.format(what=what)
    if _NO_NETWORK.search(output):
        return NO_NETWORK.format(what=what)
    for pattern in _NOT_FOUND:
        if match := pattern.search(output):
            return NOT_FOUND.format(package=match.group(1), hint=hint)
    return None


def explain_os_error(error: OSError, place: str = "the project") -> str:
    """The sentence for an error of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NO_SPACE.format(place=place)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or place} may not be written: change its owner or point LOCAL_DIR elsewhere."
    return f"{error.strerror or error}: {error.filename or place}."
