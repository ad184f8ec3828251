"""Who predicts: one baseline per file behind one Protocol."""
