"""One publisher a file: how to read its documents into rows with a locator. `manual` reads the hand-kept CSVs."""
