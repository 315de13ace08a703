"""Documents come in: polite HTTP, and an archive that keeps every byte under its hash with a receipt."""
