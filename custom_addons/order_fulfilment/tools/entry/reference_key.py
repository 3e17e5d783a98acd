"""Normal form of a customer's order reference, so that "PO-00123", "po 123" and "P0 123" are one "
"reference."""

import re
import unicodedata

# Characters that people and scanners take for one another. Letters of other alphabets first, then the
# Latin letters that look like digits. Upper case only: the text is upper-cased before.
FOREIGN_LOOKALIKES = str.maketrans("АВЕЅІЈКМНОРСТХУҮԚԜЗΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTXYYQW3ABEZHIKMNOPTYX")
DIGIT_LOOKALIKES = str.maketrans("OILSBZ", "011582")
# "No. 123", "№ 123" and "#123" only say that a number follows; "no" as a word only where one does.
NUMBER_MARK = re.compile(r"^[^\w#№|]*(?:(?:[№#]|n[º°]|n[or]\s*[.:])[\s.:]*|n[or]\s+(?=[0-9]))+", re.I)
# Strokes typed for an l; between spaces they separate.
STROKE = re.compile(r"(?<!\s)[|¦ǀ∣]|[|¦ǀ∣](?!\s)")
# I and L are ones, and zeros after them count, where they begin or go on with a number: "l001", "PO-l001",
# "45l001". After other letters they are letters ("BILL-001").
TYPED_ONES = re.compile(r"^[IL](?=[0-9])|(?<=[0-9])[IL]+|(?<=[^0-9OIL]O)[IL](?=[0-9])")


def reference_key(text: str | None) -> str:
    """Return the key under which two references count as the same; "" when nothing is left to compare.

    Case, accents, spaces and separators do not count, nor do zeros at the start of the reference or after a
    letter ("PO0012" is "PO12", but "2024-0012" stays "20240012"). Look-alikes are folded to the digit, and a
    letter O counts as a zero. A mark such as "No." in front does not count either.
    """
    text = STROKE.sub("l", NUMBER_MARK.sub("", (text or "").replace("\uff03", "#").replace("\uff5c", "|")))
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(str(unicodedata.decimal(char, char)) for char in plain if char.isalnum())
    plain = plain.upper().translate(FOREIGN_LOOKALIKES)
    plain = TYPED_ONES.sub(lambda found: "1" * len(found[0]), plain)
    kept, after_digit = [], False
    for char in plain:
        if char in "0O" and not after_digit:
            continue
        after_digit = char.isdigit() or (char == "O" and after_digit)
        kept.append(char.translate(DIGIT_LOOKALIKES))
    return "".join(kept) or plain[:1].translate(DIGIT_LOOKALIKES)
