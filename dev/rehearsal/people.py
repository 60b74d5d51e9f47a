"""Invented residents: who they are, what they want, and what they do that a tidy programmer would not."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

FIRST_NAMES = (  # noqa: SIM905  (thirty quoted words are harder to read)
    "Léa Odette Zoé Noël Gisèle Karim Aïcha Loïc Fatoumata Jérôme Mireille Thuỳ Bénédicte Maël Inès Hugues Solène "
    "Ahmed Françoise Théo Yvonne Raphaël Maëlys Ousmane Capucine Étienne Djamila Gaël Hélène Anaïs"
).split()
LAST_NAMES = (  # noqa: SIM905
    "Delattre Lefèvre O’Brien Benali Nguyễn Caron d’Hérouville Boulanger Müller Traoré Dupuis Leclercq Vasseur Haddad "
    "Saint-Just Carpentier Wójcik Ferreira Queval Lenoir"
).split()
# Names and words that have broken sites, mails, spreadsheets and documents elsewhere.
HARD_NAMES = (
    '<script>alert("x")</script>', "=1+1", "@dupont", "Jean « Jojo »", "Zoé 🥕", "L'Haÿ", "-5 %", "#set", "%s {x}",
)  # fmt: skip
NOTES = (
    "",
    "",
    "",
    "",
    "Merci à tous !",
    "Sonnez fort, je suis un peu sourde.",
    "Pas trop mûrs, SVP.",
    '"guillemets"; point-virgule, virgule',
    "=HYPERLINK(1)",
    "Deux\tmots & <b>gras</b> 🧀",
)
HUGE_QUANTITIES = ("1000000000", "100")
BAD_QUANTITIES = ("-1", "1.5", "abc", "١", *HUGE_QUANTITIES)
SHORTAGES = ("replace", "leave-out", "call")


@dataclass(frozen=True)
class Resident:
    """`dice` decides the rest of what this person does, always the same for the same seed."""

    number: int
    name: str
    email: str
    phone: str
    shortage: str
    note: str
    lines: int
    producers: int
    dice: Random = field(compare=False, repr=False)
    has_script: bool = True  # JavaScript: quantities go in the background
    clicks_twice: bool = False
    posts_again: bool = False
    cancels: bool = False
    mistypes_quantity: bool = False
    mistypes_contact: bool = False
    hesitates: bool = False  # a moment between the last look and the button
    dawdles: bool = False  # until orders are closed

    @property
    def contact(self) -> dict[str, str]:
        """As typed into the form."""
        return {
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "shortage": self.shortage,
            "note": self.note,
        }

    @property
    def wrong_contact(self) -> dict[str, str]:
        """The same with a mistake in it."""
        mistake = self.dice.choice(
            [
                {"email": "", "phone": "", "shortage": "replace"},
                {"email": "odette@exemple", "phone": ""},
                {"phone": "06 12"},
                {"name": ""},
                {"note": "x" * 301},
                {"phone": "", "shortage": "call"},
            ]
        )
        return {**self.contact, **mistake}


def resident(number: int, seed: str, *, dawdles: bool = False) -> Resident:
    """Resident `number`, counted from 0. Every address, telephone number and name is another."""
    dice = Random(f"{seed}:{number}")
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    hard = dice.choice(HARD_NAMES) if dice.random() < 0.05 else ""
    by_phone = dice.random() < 0.15  # by telephone only
    shortage = dice.choice(SHORTAGES)
    has_phone = by_phone or shortage == "call" or dice.random() < 0.4
    return Resident(
        number=number,
        name=f"{hard or first} {last} {number}",
        email="" if by_phone else f"resident.{number}@example.org",
        phone=f"03 53 01 {number // 100:02d} {number % 100:02d}" if has_phone else "",  # kept for fiction by the ARCEP
        shortage=shortage,
        note=dice.choice(NOTES),
        lines=min(dice.randint(1, 10), dice.randint(1, 10) + 2),
        producers=dice.randint(1, 5),
        has_script=dice.random() < 0.9,
        clicks_twice=dice.random() < 0.10,
        posts_again=dice.random() < 0.05,
        cancels=dice.random() < 0.05 and not dawdles,
        mistypes_quantity=dice.random() < 0.08,
        mistypes_contact=dice.random() < 0.08,
        hesitates=dice.random() < 0.10,
        dawdles=dawdles,
        dice=dice,
    )
