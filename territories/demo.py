"""The demonstration tree: 20 regions, one oblast down to its villages, some central bodies."""

from pathlib import Path

from django.conf import settings

from .datasets import dataset_of
from .kato.reading import read
from .models import Edition
from .resources import BODY_COLUMNS, BodyResource, take_in
from .scope import clock
from .services.editions import load_edition
from .services.units import set_english_names

FOLDER = Path(settings.BASE_DIR) / "data" / "demo"
TREE = "units_2026-01-01.csv"


def load_tree() -> None:
    """Load the shipped tree, its English names and its bodies. Does nothing where an edition is already loaded."""
    if Edition.objects.exists():
        return
    by = clock("demonstration")
    load_edition(read((FOLDER / TREE).read_bytes(), TREE), by=by)
    names = dataset_of((FOLDER / "names_en.csv").read_bytes(), {"kato": (), "name_en": ()}, needed=("kato", "name_en"))
    set_english_names(list(names.dict), by=by)
    bodies = dataset_of((FOLDER / "bodies.csv").read_bytes(), BODY_COLUMNS, needed=("id", "kind"))
    take_in(BodyResource(), bodies, who=by, write=True)
