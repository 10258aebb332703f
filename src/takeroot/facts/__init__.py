"""Facts the product ships: occupations, job titles, language tests, places, and their sources.

Pure readers of the tables in ``tables/``. Nothing here imports Django or another part of Takeroot.
Tables are read at the first use and kept.
"""
