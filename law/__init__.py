"""What the acts say and how days are counted: dated data with citations, and pure functions over it.

Plain Python: no framework, no database, no network, no clock. Every date that matters comes in as an
argument. Data: `acts/` (one file per act), `coverage.toml` (how lines a to e walk the tree),
`readings.toml` (how unclear words are read), `days/` (one file of days off per year), `texts.toml` (words
in which a computed date is explained).
"""
