"""What happened, in order: one timeline, one loss ledger per currency, one picture of the money."""
