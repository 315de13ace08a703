"""Articles and posts to proposed rows: text, sentences, figures with units, days, places, speakers. Nothing here is a fact yet."""
