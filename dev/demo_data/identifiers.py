"""Numbers that look right: they pass every check, and belong to nobody.

SIREN numbers starting with 999 are not given out. Telephone numbers are of the
ranges that the French regulator keeps for works of fiction.
"""

BANK_CODE, BRANCH_CODE = "99990", "00042"


def luhn_digit(digits):
    """The digit that makes ``digits`` pass the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def siren(index):
    digits = f"9990{index:04d}"
    return digits + luhn_digit(digits)


def siret(siren_number, office=1):
    digits = f"{siren_number}{office:04d}"
    return digits + luhn_digit(digits)


def french_vat(siren_number):
    key = (12 + 3 * (int(siren_number) % 97)) % 97
    return f"FR{key:02d}{siren_number}"


def belgian_vat(index):
    digits = f"0{9990000 + index:07d}"
    return f"BE{digits}{97 - int(digits) % 97:02d}"


def french_iban(account):
    """``account``: 11 digits. The RIB key and the IBAN's check digits are computed."""
    weighted = 89 * int(BANK_CODE) + 15 * int(BRANCH_CODE) + 3 * int(account)
    bban = f"{BANK_CODE}{BRANCH_CODE}{account}{97 - weighted % 97:02d}"
    check = 98 - int(f"{bban}152700") % 97
    return f"FR{check:02d}{bban}"


def landline(area, index):
    """A telephone number of the area 1 to 5."""
    start = {1: "1 99 00", 2: "2 61 91", 3: "3 53 01", 4: "4 65 71", 5: "5 36 49"}[area]
    return f"+33 {start} {index // 100 % 100:02d} {index % 100:02d}"


def mobile(index):
    return f"+33 6 39 98 {index // 100 % 100:02d} {index % 100:02d}"


def area_of(postcode):
    """The area of a French postcode, in the numbering of telephones."""
    areas = {
        1: ("75", "77", "78", "91", "92", "93", "94", "95"),
        2: ("14", "22", "28", "29", "35", "37", "44", "45", "49", "53", "72", "76", "85"),
        3: ("08", "10", "21", "25", "51", "54", "57", "59", "62", "67", "68", "71", "80"),
        5: ("17", "19", "24", "31", "33", "40", "47", "64", "65", "79", "82", "86", "87"),
    }
    return next((area for area, starts in areas.items() if postcode[:2] in starts), 4)
