"""Measures against bars: `make bench`. Each number stands beside another from the same run."""
