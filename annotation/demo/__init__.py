"""The demo's own material: drawn clips of invented persons, and annotators who answer. No Django.

Everything follows from a seed; no recording of anybody is used.
"""

from annotation.demo.annotators import ANNOTATORS, Annotator, Answer, simulated_answer
from annotation.demo.cast import PERSONS
from annotation.demo.clips import DemoClip, demo_clips
from annotation.demo.emotions import OPTIONS
from annotation.demo.film import render, render_all
from annotation.demo.persons import Person

__all__ = [
    "ANNOTATORS",
    "OPTIONS",
    "PERSONS",
    "Annotator",
    "Answer",
    "DemoClip",
    "Person",
    "demo_clips",
    "render",
    "render_all",
    "simulated_answer",
]
