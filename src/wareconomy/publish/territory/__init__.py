"""Pictures of occupied area from maps the reader holds: where the line moved, month by month, and in motion.

Drawn on the reader's own machine. A mapper whose terms forbid republishing its shapes is named in
`catalog/mappers.toml`; pictures of its shapes say on their face that they are not for publication.
"""
