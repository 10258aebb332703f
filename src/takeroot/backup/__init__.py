"""Backup and restore: one file that holds everything a centre would have to have again."""
