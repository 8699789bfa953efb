"""The white paper: what it says, in plain values, and how it is set in type."""
