"""The twelve invented persons of the demo."""

from annotation.demo.persons import Looks, Manner, Person


def _person(words: str, looks: Looks, manner: Manner) -> Person:
    code, age_band, sex = words.split()
    return Person(code, age_band, sex, looks, manner)


PERSONS = (
    _person(
        "P01 18-29 female",
        Looks(
            "#f1c7a5",
            "#7a3b1e",
            "bob",
            "#4f7d5c",
            "#3f7f86",
            "#dfeeea",
            lips=1.05,
            extras=("freckles", "lashes"),
        ),
        Manner(1.0, 0.10, 0.05, 0.0, 215),
    ),
    _person(
        "P02 30-44 male",
        Looks(
            "#8d5a3a",
            "#1d1613",
            "fade",
            "#3a2417",
            "#d98b3a",
            "#f6e7d2",
            width=1.04,
            jaw=1.1,
            brows=1.25,
            lips=1.2,
            nose=1.15,
            extras=("stubble",),
        ),
        Manner(0.8, -0.15, -0.05, 0.1, 112),
    ),
    _person(
        "P03 45-59 female",
        Looks(
            "#d9a577",
            "#2b2320",
            "bun",
            "#4a3120",
            "#8a4b6b",
            "#f3e3ea",
            width=0.97,
            brows=0.9,
            extras=("lines", "earrings"),
        ),
        Manner(1.1, 0.0, 0.1, 0.0, 190),
    ),
    _person(
        "P04 60-74 male",
        Looks(
            "#efc9ae",
            "#c9c7c4",
            "bald",
            "#5a7fa3",
            "#4b5b73",
            "#e2e8f0",
            width=1.05,
            jaw=1.05,
            brows=1.2,
            nose=1.2,
            extras=("lines", "glasses", "moustache"),
        ),
        Manner(0.65, 0.2, -0.12, 0.15, 104),
    ),
    _person(
        "P05 18-29 female",
        Looks(
            "#6b4028",
            "#17110f",
            "curls",
            "#2c1b12",
            "#e0b43c",
            "#fbf1d3",
            lips=1.25,
            nose=1.1,
            extras=("earrings", "lashes"),
        ),
        Manner(1.2, -0.05, 0.08, 0.0, 208),
    ),
    _person(
        "P06 30-44 female",
        Looks(
            "#e6b98f",
            "#15151a",
            "long",
            "#33241c",
            "#5b6fb5",
            "#e3e6f6",
            width=0.98,
            brows=0.85,
            lips=0.95,
            nose=0.9,
            extras=("lashes",),
        ),
        Manner(0.75, 0.05, 0.0, 0.0, 225),
    ),
    _person(
        "P07 30-44 female",
        Looks(
            "#c98f63",
            "#3f6f6a",
            "scarf",
            "#4b2e1a",
            "#2f5b57",
            "#e6f0e6",
            brows=1.1,
            lips=1.05,
            extras=("lashes",),
        ),
        Manner(0.9, 0.12, 0.02, 0.05, 198),
    ),
    _person(
        "P08 18-29 male",
        Looks(
            "#f4d3bb", "#d9a441", "tousled", "#5b8db0", "#b5503f", "#f8e4de", width=0.96, jaw=0.98
        ),
        Manner(1.15, 0.25, 0.1, -0.05, 128),
    ),
    _person(
        "P09 45-59 male",
        Looks(
            "#b47a4c",
            "#2a2321",
            "side",
            "#3b2517",
            "#5a7d4a",
            "#e9f0dc",
            width=1.03,
            jaw=1.08,
            brows=1.3,
            extras=("beard",),
        ),
        Manner(0.85, -0.1, -0.08, 0.2, 108),
    ),
    _person(
        "P10 60-74 female",
        Looks(
            "#e9bfa0",
            "#dedbd6",
            "short",
            "#6c7f86",
            "#a8577e",
            "#f5e6ee",
            width=1.01,
            brows=0.8,
            lips=0.85,
            extras=("lines", "glasses", "earrings"),
        ),
        Manner(0.95, 0.08, 0.06, 0.0, 182),
    ),
    _person(
        "P11 18-29 other",
        Looks(
            "#dca983",
            "#a34a86",
            "undercut",
            "#5d6b3c",
            "#39394a",
            "#ececf2",
            brows=1.05,
            extras=("ring",),
        ),
        Manner(0.7, 0.3, -0.1, 0.0, 160),
    ),
    _person(
        "P12 30-44 male",
        Looks(
            "#4f2f20",
            "#120d0c",
            "locs",
            "#23140d",
            "#3d8b72",
            "#dff1e9",
            width=1.0,
            jaw=1.02,
            lips=1.2,
            nose=1.15,
            extras=("goatee",),
        ),
        Manner(1.05, -0.2, 0.04, 0.05, 118),
    ),
)
BY_CODE = {person.code: person for person in PERSONS}
