"""Personal data masked: e-mail addresses, telephone numbers, payment cards (Luhn) and IBANs (ISO 7064, mod 97)."""

from __future__ import annotations

import re

from training.corpus.cleaning.edits import Edit, substitute
from training.corpus.cleaning.settings import Settings

EMAIL = re.compile(r"(?<![\w.+-])[\w+][\w.+'-]{0,63}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w-])")
PHONE = re.compile(
    r"(?<![\w/.,:=+#$£€-])(?:"
    r"\+\d{1,3}[ .\u00a0-]?(?:\(0?\d{0,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}"  # +44 (0)20 7946 0958
    r"|\(\d{2,5}\)[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}"  # (555) 123-4567
    r"|[2-9]\d{2}[.-][2-9]\d{2}[.-]\d{4}"  # 555-123-4567
    r"|0\d{1,4}(?:[ /-]\d{2,8}){1,4}"  # 020 7946 0958
    r")(?![\w/]|[.,:-]?\d)"
)
CARD = re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w]|[.-]\d)")
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")


def email(text: str, settings: Settings) -> list[Edit]:
    if "@" not in text:
        return []
    return substitute(EMAIL, text, lambda match: None if match[0].casefold() in settings.own else "[e-mail]")


def phone(text: str, settings: Settings) -> list[Edit]:
    def masked(match: re.Match[str]) -> str | None:
        count = len(digits(match[0]))
        return "[phone]" if 8 <= count <= 15 and digits(match[0]) not in settings.own else None

    return substitute(PHONE, text, masked)


def card(text: str, settings: Settings) -> list[Edit]:
    return substitute(CARD, text, lambda match: "[card]" if passes_luhn(digits(match[0])) else None)


def iban(text: str, settings: Settings) -> list[Edit]:
    """The longest beginning of what looks like one that has the right remainder: a word in capitals may follow it."""
    edits = []
    for match in IBAN.finditer(text):
        found = match[0]
        while len(found.replace(" ", "")) >= 15:
            if passes_mod_97(found.replace(" ", "")) and found.replace(" ", "") not in settings.own:
                edits.append(Edit(match.start(), match.start() + len(found), "[IBAN]"))
                break
            found = found[:-1].rstrip()
    return edits


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def passes_luhn(number: str) -> bool:
    """ISO/IEC 7812: every second digit from the right doubled, the sum of all digits a multiple of ten."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return 13 <= len(number) <= 19 and len(set(number)) > 1 and sum(sum(divmod(each, 10)) for each in doubled) % 10 == 0


def passes_mod_97(iban: str) -> bool:
    """ISO 13616: the first four signs moved to the end and letters as 10-35, the number leaves 1 when divided by 97."""
    moved = iban[4:] + iban[:4]
    return 15 <= len(iban) <= 34 and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def own(*texts: str) -> frozenset[str]:
    """Addresses and numbers that the brand gives of itself, in its fact sheet for instance: no one's secret."""
    found: set[str] = set()
    for text in texts:
        found |= {match[0].casefold() for match in EMAIL.finditer(text)}
        found |= {digits(match[0]) for match in PHONE.finditer(text)}
        found |= {match[0].replace(" ", "") for match in IBAN.finditer(text)}
    return frozenset(found)
