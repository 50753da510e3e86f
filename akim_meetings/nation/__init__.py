"""The nation as synthetic data: five years of every akim's office, by sets and not row by row. PostgreSQL only.

What people would have done is told by statements (`lives`), the calendars are planned and frozen by the program's own
planner and services (`calendars`), the duties come from its own sweep (`ledger`). Repeatable by a seed: the same tree,
day and seed give the same rows.
"""
