"""Verbs of volunteering."""
