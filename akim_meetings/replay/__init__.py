"""A year replayed day by day by a virtual clock, through the services of the rooms: what every office does is drawn
from a seed, the sweep runs each day, and at the end the separate checker recounts the ledger from the raw events.

`course` draws what becomes of a meeting, `offices` does what akims' offices do on a day, `regions` what a region does
with its calendar, `bodies` what the Government and the central bodies prove, `year` goes through the days (in one
process or two), `verdict` reads the ledger in a form that does not depend on ids and asks the checker.
"""
