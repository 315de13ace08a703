"""Statements set beside what was measured: the published rule, its evaluation, contradictions, settlements,
counts and plans.
"""
