"""Results written down: for people, for programs, for students, for gradebooks.

`registry` lists the formats; each has a module of its name. `feedback` says what students may read,
`target` writes documents whole, `pages` is what all HTML pages have in common.
"""
