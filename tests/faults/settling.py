"""After the work: everything that can still happen happens before the state is written down."""

from __future__ import annotations

import time

from .world import World

#: Letters that still have to be decided; one that waits for a later day is where it should be.
OPEN = """
    SELECT count(*) FROM journal_notice
    WHERE state IN ('pending', 'leased', 'dot', 'doubtful') AND (earliest_day IS NULL OR earliest_day <= current_date)
      AND (next_try IS NULL OR next_try < now() + interval '10 minutes')
"""
#: What a relay refused by mistake just before the work ended: the administrator sends it again, as he does meanwhile.
REFUSED = """
    SELECT id FROM journal_notice
    WHERE state = 'failed' AND kind <> 'poison' AND recipient_email NOT LIKE 'nobody@%' ORDER BY id
"""


def settle(world: World, patience: float = 180.0) -> bool:
    """Wait until no letter is open, then sweep once more as of today; False if something stays open."""
    world.modes.write_text("")
    for child in world.children.values():
        child.wanted = True
    ends = time.monotonic() + patience
    left = True
    while left and time.monotonic() < ends:
        time.sleep(2)
        if refused := world.sql(REFUSED).split():
            world.manage("outbox", "retry", *refused)
        left = world.sql(OPEN) != "0"
    world.once("sweep", check=False)
    return not left
