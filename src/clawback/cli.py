"""The command line: a door that knows only the desk."""
