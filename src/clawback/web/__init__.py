"""The web app: a door that knows only the desk.

`app` puts it together, `guard` keeps strangers out, `visit` is one request with its language and its rights,
`pages` holds one module per part of the app, `words` every sentence in both languages, `templates` and
`static` what a browser gets. `serve` starts it on this machine.
"""
