"""The verbs of keeping files: decide on pairs, merge and undo, hand out copies, erase."""
