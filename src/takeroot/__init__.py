"""Takeroot: helps smaller Canadian communities welcome skilled newcomers and keep them."""

__version__ = "0.1.0"
