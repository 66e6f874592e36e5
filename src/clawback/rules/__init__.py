"""Reads rule packs: dated law as data. The packs themselves stand in `clawback/rulepacks`."""
