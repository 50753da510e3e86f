"""Editions of the classifier: looked at, loaded, and the questions that they leave."""

from .answers import answer
from .columns import fill_paths, forget_paths, search_text
from .decisions import Decision, decisions_as_json, decisions_in
from .drafts import decide, open_draft, put_aside, run, start, table_of, waiting
from .loading import FROM_EDITION, Loaded, load_edition
from .preview import Preview, already_loaded, day_of, look, plan_as_json, present_tree

__all__ = [
    "FROM_EDITION",
    "Decision",
    "Loaded",
    "Preview",
    "already_loaded",
    "answer",
    "day_of",
    "decide",
    "decisions_as_json",
    "decisions_in",
    "fill_paths",
    "forget_paths",
    "load_edition",
    "look",
    "open_draft",
    "plan_as_json",
    "present_tree",
    "put_aside",
    "run",
    "search_text",
    "start",
    "table_of",
    "waiting",
]
