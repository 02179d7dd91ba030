"""What people said and decided is only ever added to; the database itself refuses anything else."""

from audit.append_only import Guard

GUARDS = (Guard("annotation_label"),)
DECISIONS = (Guard("annotation_adjudication"),)
RULINGS = (Guard("annotation_ruling"),)
