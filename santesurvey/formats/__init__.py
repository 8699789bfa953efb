"""How dates are written and read, where Django's own way is not ours: one package per language."""
