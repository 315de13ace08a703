"""Articles and posts to proposed rows: sentences, figures with units, days, places, speakers. Nothing here is a fact yet."""
