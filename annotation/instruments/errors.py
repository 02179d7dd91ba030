"""What is wrong with a question or an answer, in a sentence that names the remedy."""


class InvalidQuestion(ValueError):
    """The researcher's question cannot be asked."""


class InvalidAnswer(ValueError):
    """The annotator's answer is not one that the question offers."""
