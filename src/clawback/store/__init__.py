"""The records of a case in SQLite: exhibits, readings, decisions, and the lines of the log."""
