"""The text that is the same in every learning point. A draft starts with a copy, so that old ones keep theirs."""

TEXTS = {
    "about_the_series": (
        "A learning point is a short account of what people found out by doing something together, or by studying it. "
        "It is there so that the next people can begin further on: with what helped, and without repeating what did "
        "not."
    ),
    "disclaimer": (
        "These are the conclusions of the people and the reports named beside each lesson. Their employers, their "
        "funders and the publisher of this portal may see things differently."
    ),
    "other_formats": (
        "Under “Formats” on the page of this learning point you find what it comes in. If you need another format or "
        "another language, choose “Ask for it” there: you need no account."
    ),
    "publisher": "The publisher of lessons on this portal",
}

# The three stages of the model, one line each.
STAGES = (
    "Design: the public body and third sector organisations plan the service together.",
    "Pilot: the partners run it on a small scale and record how it goes.",
    "Tender: the public body buys the longer-term service in an open competition.",
)
