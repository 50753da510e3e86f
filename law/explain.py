"""Puts a derivation into words: one sentence per step, in Kazakh, Russian or English (`texts.toml`)."""

from collections.abc import Iterable
from datetime import date

from law import register
from law.deadlines import Step
from law.words import LANGUAGES, counted, fill, texts, weekday_text


def explain(step: Step, lang: str) -> str:
    """One step of a derivation in words; ValueError for an unknown language, KeyError for an unknown step."""
    if lang not in LANGUAGES:
        raise ValueError(f"There is no language {lang!r}; known: {', '.join(LANGUAGES)}.")
    params = dict(step.params)
    if "anchor" in params:
        params["anchor"] = texts()["anchors"][params["anchor"]][lang]
    if "quantity" in params:
        params["quantity"] = texts()["quantities"][params["quantity"]][lang]
    if "limit" in params:
        params["limit"] = texts()["limits"][params["limit"]][lang]
    if "line" in params:
        act = register.act(str(params["line"]).partition("-")[0])
        params["act"] = texts()["acts"][act.form][lang].format(number=act.number)
        params["cite"] = register.line(str(params["line"])).wordings[-1].cite[lang]
    if "unit" in params:
        params["term"] = counted(int(params["n"]), str(params["unit"]), lang)
    if f"why_{lang}" in params:
        params["why"] = params[f"why_{lang}"]
    elif "date" in params:
        # A plain Saturday or Sunday: the day itself is the reason.
        params["why"] = weekday_text(date.fromisoformat(str(params.get("before", params["date"]))), lang)
    return fill(texts()["steps"][step.key][lang], params, lang)


def explain_all(steps: Iterable[Step], lang: str) -> list[str]:
    """A whole derivation in words, in its order."""
    return [explain(step, lang) for step in steps]
