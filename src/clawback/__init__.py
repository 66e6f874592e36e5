"""Clawback（追回）: from a heap of evidence to papers in hand, for people cheated on online platforms.

The rooms tell the story in order: `vault` seals, `readers` read, `ledger` orders and adds up,
`plan` says what to do by when, `filings` writes the papers. `model` holds the nouns that every room
shares, `rules` reads the dated law in `rulepacks`, `store` keeps the records, `desk` is the only place
that knows the rooms, and the doors (`cli`) know only the desk.
"""

__version__ = "0.1.0"
