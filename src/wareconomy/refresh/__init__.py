"""Asking the publishers: one run over all sources, documents handed in, what stands where, and who is told."""
