"""Every page and state of the app in a real browser: pictures for people, and a list that tests walk."""
