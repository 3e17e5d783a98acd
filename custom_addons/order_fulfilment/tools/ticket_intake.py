"""What customers write, made fit to keep: bounded, without control characters, complete as the form asks."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

MAX_SUBJECT, MAX_TEXT, MAX_ANSWER, MAX_KEY = 150, 20_000, 2_000, 200


def plain(text: str) -> str:
    """What the database keeps and an answer can say: no NUL, no half of a character (a lone surrogate)."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def clean_line(text: object, limit: int = MAX_SUBJECT) -> str:
    """One line without control and direction characters, cut at ``limit`` with an ellipsis."""
    kept = "".join(_visible(letter) for letter in str(text or "")[: 20 * limit])
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_text(text: object, limit: int = MAX_TEXT) -> str:
    """Text with its lines, without control characters, cut at ``limit``."""
    given = str(text or "").replace("\r\n", "\n")[: 2 * limit]
    kept = "".join(letter if letter in "\n\t" else _visible(letter, "") for letter in given).strip()
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def _visible(letter: str, instead: str = " ") -> str:
    return instead if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter


def file_name(name: object) -> str:
    """A name that is no path and no markup."""
    plain = clean_line(name, 120).replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[<>:\"|?*&]", "_", plain).strip(". ") or "file"


@dataclass(frozen=True)
class Question:
    """One line of an intake form. ``kind``: text, number, date, choice, yes_no, photo."""

    id: int
    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """Question and what is wrong with its answer: missing, number, date, choice."""

    question: Question
    what: str


def check_answers(
    questions: Iterable[Question], answers: Mapping[int, object]
) -> tuple[dict[int, str], list[Mistake]]:
    """(answers as text by question, mistakes). A photo's answer is whether there is one."""
    kept, mistakes = {}, []
    for question in questions:
        given = clean_text(answers.get(question.id), MAX_ANSWER)
        if not given:
            if question.required:
                mistakes.append(Mistake(question, "missing"))
            continue
        value, wrong = _read(question, given)
        if wrong:
            mistakes.append(Mistake(question, wrong))
        else:
            kept[question.id] = value
    return kept, mistakes


def _read(question: Question, given: str) -> tuple[str, str]:
    if question.kind == "number":
        number = given.replace(" ", "").replace("\u00a0", "").replace(",", ".")
        return (number, "") if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", number) else ("", "number")
    if question.kind == "date":
        try:
            return date.fromisoformat(given).isoformat(), ""
        except ValueError:
            return "", "date"
    if question.kind == "choice" and given not in question.choices:
        return "", "choice"
    if question.kind == "yes_no":
        return ("yes" if given.lower() in ("yes", "true", "1", "on") else "no"), ""
    return given, ""
