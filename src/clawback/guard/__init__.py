"""Guard: is this a scam, why, and what now. Offline; explains itself in the words that it was shown."""
