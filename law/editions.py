"""Which wording judges a period in which the edition of an act changed (A-21)."""

from law.periods import Period
from law.readings import Readings
from law.register import NormTextMissing, NoRuleInForce, Wording, line


def judging(rule_id: str, period: Period, readings: Readings) -> Wording | None:
    """The wording by which a period is judged; None where it is shown and not judged.

    `last_day_if_half`: the wording in force on the last day, if it was in force for at least half of the days;
    `whole_only`: only a wording in force on every day. A wording whose text is not held judges nothing.
    """
    try:
        wording = line(rule_id).on(period.end)
    except (NoRuleInForce, NormTextMissing):
        return None
    days = (period.end - max(period.start, wording.in_force)).days + 1
    if days == period.days:
        return wording
    return wording if readings["edition_cut"] == "last_day_if_half" and 2 * days >= period.days else None
