"""What annotators said is only ever added to; the database itself refuses anything else."""

from audit.append_only import Guard

GUARDS = (Guard("annotation_label"),)
