"""Survey statistics: weights, estimates with honest uncertainty, reliability of scales.

Pure: plain numbers in, frozen dataclasses out, nothing rounded, no server needed.
"""
