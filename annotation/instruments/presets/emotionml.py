"""The categories and dimensions of EmotionML, names and order as published.

Source: Ashimura et al. (2014), "Vocabularies for EmotionML", W3C Working Group Note of 1 April
2014, http://www.w3.org/TR/emotion-voc/. The Note gives an address to each vocabulary and a name
to each item in it; the two together are what EmotionML refers to, so that an option's `uri` is
the vocabulary's address and its value the item's name. Items have no address of their own.
"""

from __future__ import annotations

from annotation.instruments.presets.preset import Preset, options

NOTE = "http://www.w3.org/TR/emotion-voc/xml#"
SOURCE = "Vocabularies for EmotionML, W3C Note 2014"


def _preset(vocabulary: str, title: str, source: str, names: str) -> Preset:
    return Preset(title, f"{source}; {SOURCE}", options(names, NOTE + vocabulary))


CATEGORIES = {
    "big6": _preset(
        "big6",
        "The big six (EmotionML)",
        "Ekman (1972), Universals and cultural differences in facial expressions of emotion",
        "anger disgust fear happiness sadness surprise",
    ),
    "everyday-categories": _preset(
        "everyday-categories",
        "Everyday emotions (EmotionML)",
        "Cowie et al. (1999), What a neural net needs to know about emotion words",
        "affectionate afraid amused angry bored confident content disappointed excited happy "
        "interested loving pleased relaxed sad satisfied worried",
    ),
    "occ-categories": _preset(
        "occ-categories",
        "Emotions by appraisal, OCC (EmotionML)",
        "Ortony, Clore & Collins (1988), The cognitive structure of emotions",
        "admiration anger disappointment distress fear fears-confirmed gloating gratification "
        "gratitude happy-for hate hope joy love pity pride relief remorse reproach resentment "
        "satisfaction shame",
    ),
    "fsre-categories": _preset(
        "fsre-categories",
        "Emotion words in three languages, FSRE (EmotionML)",
        "Fontaine, Scherer, Roesch & Ellsworth (2007), The world of emotions is not "
        "two-dimensional",
        "anger anxiety being-hurt compassion contempt contentment despair disappointment disgust "
        "fear guilt happiness hate interest irritation jealousy joy love pleasure pride sadness "
        "shame stress surprise",
    ),
    "frijda-categories": _preset(
        "frijda-categories",
        "Emotions by action tendency (EmotionML)",
        "Frijda (1986), The emotions",
        "anger arrogance desire disgust enjoyment fear humility indifference interest resignation "
        "shock surprise",
    ),
}

DIMENSIONS = {
    "pad-dimensions": _preset(
        "pad-dimensions",
        "Pleasure, arousal, dominance (EmotionML)",
        "Mehrabian (1996), Pleasure-arousal-dominance",
        "pleasure arousal dominance",
    ),
    "fsre-dimensions": _preset(
        "fsre-dimensions",
        "Four dimensions, FSRE (EmotionML)",
        "Fontaine, Scherer, Roesch & Ellsworth (2007), The world of emotions is not "
        "two-dimensional",
        "valence potency arousal unpredictability",
    ),
    "intensity-dimension": _preset(
        "intensity-dimension",
        "Intensity (EmotionML)",
        "EmotionML's own",
        "intensity",
    ),
}
