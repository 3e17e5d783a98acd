"""Which kind of file an upload is by its content, and whether its container is safe to open."""

import zipfile
from pathlib import Path

from .import_fault import ImportFault

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
#: First bytes of what people upload by mistake, and its name in an error.
FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "a text document"),
)
EXTENSIONS = {".xlsx": "xlsx", ".xls": "xls", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
NAMES = {"xlsx": "an .xlsx workbook", "xls": "an .xls workbook", "csv": "plain text"}


def sniff(path, filename, limits):
    """The kind ("xlsx", "xls", "csv") of the file at ``path``; raises ImportFault for any other."""
    size = Path(path).stat().st_size
    if size > limits.file_bytes:
        raise ImportFault("OF-IMP-004", found=size, limit=limits.file_bytes)
    kind = _kind_by_content(path, limits)
    extension = Path(filename).suffix.lower()
    if EXTENSIONS.get(extension) != kind:
        raise ImportFault("OF-IMP-002", extension=extension or "nothing", found=NAMES[kind])
    return kind


def _kind_by_content(path, limits):
    with open(path, "rb") as stream:
        head = stream.read(4096)
    if not head:
        raise ImportFault("OF-IMP-001", found="an empty file")
    if head.startswith(OLE_SIGNATURE):
        return _kind_of_ole(path)
    if head.startswith(ZIP_SIGNATURES):
        return _kind_of_zip(path, limits)
    for signature, name in FOREIGN:
        if head.startswith(signature):
            raise ImportFault("OF-IMP-001", found=name)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise ImportFault("OF-IMP-001", found="a web page or XML file")
    return _kind_of_text(head)


def _kind_of_text(head):
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if b"\x00" in head:
        raise ImportFault("OF-IMP-001", found="a binary file")
    return "csv"


def _kind_of_ole(path):
    """An OLE container is an .xls, or an encrypted .xlsx, or another Office document."""
    directory = _ole_names(path)
    if "EncryptedPackage" in directory or "EncryptionInfo" in directory:
        raise ImportFault("OF-IMP-003")
    if "Workbook" in directory or "Book" in directory:
        return "xls"
    raise ImportFault("OF-IMP-001", found="another Office document")


def _ole_names(path):
    """Names of the streams in an OLE container; its directory may lie anywhere in the file."""
    names = ("EncryptedPackage", "EncryptionInfo", "Workbook", "Book")
    needles = {name: name.encode("utf-16-le") + b"\x00\x00" for name in names}
    found = set()
    with open(path, "rb") as stream:
        while entry := stream.read(128):
            found |= {name for name, needle in needles.items() if entry.startswith(needle)}
    return found


def _kind_of_zip(path, limits):
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_zip_entries(entries, limits)
            names = {entry.filename.replace("\\", "/").lower() for entry in entries}
            _check_no_doctype(archive, entries)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise ImportFault("OF-IMP-011", detail=str(error)[:100]) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    known = {"xl/workbook.bin": "an .xlsb workbook", "content.xml": "an OpenDocument file"}
    raise ImportFault(
        "OF-IMP-001", found=next((text for name, text in known.items() if name in names), "a zip archive")
    )


def _check_zip_entries(entries, limits):
    """Sizes are those the archive declares: the unpacker stops there, so they cannot lie."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportFault("OF-IMP-003")
    total = sum(entry.file_size for entry in entries)
    if total > limits.inflated_bytes or len(entries) > 10_000:
        raise ImportFault("OF-IMP-005", found=total, limit=limits.inflated_bytes)


def _check_no_doctype(archive, entries):
    """A document type (and with it entities) has no place in a workbook; it stands at the beginning."""
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                head = part.read(8192).replace(b"\x00", b"")
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise ImportFault("OF-IMP-018")
