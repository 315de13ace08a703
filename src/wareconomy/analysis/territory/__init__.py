"""Occupied area from maps: by day and oblast, with gains, losses and where they were.

The modules import numpy and shapely when they are loaded; whoever only reads stored figures never loads them.
"""
