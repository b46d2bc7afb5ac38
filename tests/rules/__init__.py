"""Two engines, one answer: what tests and measurements of the rulebook share."""

DRAFTS = 5000
"""How many drafts made at random the whole test screens in both engines."""

FEW = 500
"""How many of them the quick check screens."""
