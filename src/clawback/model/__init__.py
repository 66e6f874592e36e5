"""The nouns. Frozen records that every room shares; no files, no database, no network.

`money` and `moments` say what an amount and a time are, `indicators` what can tie a scam together,
`evidence` what was sealed and where a fact was read, `events` what happened, `case` whose case it is,
`plan` what to do about it. Each fact carries its `Source`.
"""
