"""Does a meeting that was held close what a line asks of an akim toward a target: A-09, A-12, A-13, A-19.

The counting of many meetings at once is the database's; this is the sense of each reading, one meeting at a time.
"""

from dataclasses import dataclass

from law.readings import Readings

AKIM, ACTING, DEPUTY = "akim", "acting", "deputy"


@dataclass(frozen=True)
class Held:
    """What matters of one meeting for one akim and one target.

    `by`: who led it: the akim, an acting akim or a deputy. `lead`: this akim led it; else `named` tells whether
    the calendar named him beforehand and `took_part` whether he came. `at_place`: held inside the target;
    else `invited` tells whether its people were. `video_only`: no akim in the hall. `at_seat`: in the
    centre where the akim himself sits, `in_office` in his own building. `off_calendar`, and `corrected` where a
    corrected version of the calendar holds it by now.
    """

    by: str = AKIM
    lead: bool = True
    named: bool = False
    took_part: bool = True
    at_place: bool = True
    invited: bool = False
    video_only: bool = False
    at_seat: bool = False
    in_office: bool = False
    off_calendar: bool = False
    corrected: bool = False


def why_not(held: Held, offsite: bool, readings: Readings) -> str | None:
    """None where the meeting counts, else the key of the reading by which it does not."""
    if held.by == ACTING and not readings["acting_counts"]:
        return "acting_counts"
    if held.by == DEPUTY and not readings["deputy_counts"]:
        return "deputy_counts"
    if not held.lead and not (readings["joint"] == "named_holders" and held.named and held.took_part):
        return "joint"
    if not held.at_place and not (readings["multi_target"] == "invited_units" and held.invited):
        return "multi_target"
    if held.off_calendar and not _counts_off_calendar(held, readings):
        return "off_calendar_counts"
    return _why_not_offsite(held, readings) if offsite else None


def _counts_off_calendar(held: Held, readings: Readings) -> bool:
    choice = readings["off_calendar_counts"]
    return choice == "always" or (choice == "after_correction" and held.corrected)


def _why_not_offsite(held: Held, readings: Readings) -> str | None:
    if held.at_seat and readings["seat_offsite"] == "exempt":
        return None
    if held.video_only and not readings["video_counts"]:
        return "video_counts"
    if held.at_seat and held.in_office and readings["seat_offsite"] == "outside_office":
        return "seat_offsite"
    return None
