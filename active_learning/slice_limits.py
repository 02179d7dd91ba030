"""How large a part of the clips has to be for a figure of it; with less it tells of single people.

Apart from `slices`, which loads numerical libraries that the web process does without.
"""

LEAST_CLIPS, LEAST_PERSONS = 30, 5
