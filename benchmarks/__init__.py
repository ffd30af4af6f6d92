"""Benchmarks: ``make bench``, or ``make bench B=decision`` for one subject."""
