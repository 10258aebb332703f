"""Verbs of figures: make a release, publish it, decide from how many on."""
