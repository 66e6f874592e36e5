"""How exactly do the readers read? Measured on evidence that nobody here wrote, with its ground truth.

Run from the root of the checkout::

    python -m tools.accuracy --data DIR

DIR holds one folder per kind (`payments`, `chats`, `mail`, `screens`), in it one folder per source with a
`SOURCE.md` that names the public origin (a line ``- From: github:owner/name @ ...``). The data is not
part of this project: its licences forbid it.

Each kind is a module here with one function::

    def measure(data: Path) -> list[Row]: ...

`data` is DIR/<kind>; it returns one `Row` per source, or per part of a source that has a ground truth of
its own. See `tools.accuracy.rows` for `Row`, for `origin_of`, and for `open_file`, which chooses a reader
and reads. A module that is not there yet, or whose folder is missing, is left out of the table.
The result is printed and written between the two markers of `docs/accuracy.md`; the notes around them
are written by hand and stay.
"""
