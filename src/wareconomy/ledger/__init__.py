"""What was known when: the DuckDB file, its as-of views, and the questions people ask of it."""
