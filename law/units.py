"""The closed lists that rules speak of: kinds of unit (table 3.1 of the register) and bodies."""

from pathlib import Path

BODIES_FILE = Path(__file__).with_name("bodies.toml")

# Kinds whose unit can have an akim; a village or settlement has one only as an administration of its own.
AKIM_KINDS = (
    "oblast",
    "city_rep",
    "capital",
    "raion",
    "city_oblast",
    "raion_in_city",
    "city_raion",
    "okrug",
    "settlement",
    "village",
)
KINDS = (*AKIM_KINDS, "microraion")
