"""The first learning point of our own series: all eleven blocks, in our own words, from the starter library."""

from django.db import migrations

from foundation.database import clock

TEXTS = {
    "title": "What Public Social Partnerships have taught so far",
    "abbreviation": "PSPs",
    "publisher": "The publisher of lessons on this portal",
    "other_formats": (
        "You can ask for this learning point in large print, in braille, as a recording or in another language. "
        "Tell the publisher of lessons what you need and how to reach you."
    ),
    "about_the_series": (
        "A learning point is a short account of what people found out by doing something together, or by studying it. "
        "It is there so that the next people can begin further on: with what helped, and without repeating what did "
        "not."
    ),
    "about": (
        "This learning point gathers what has been published in Scotland since 2008 about partnerships in which public "
        "bodies and third sector organisations design a service, try it out and then put it to tender. It is for "
        "anybody who is thinking of starting one, or is in the middle of one."
    ),
    "disclaimer": (
        "These are the conclusions of the people and the reports named beside each lesson. Their employers, their "
        "funders and the publisher of this portal may see things differently."
    ),
    "known_already": (
        "The idea was brought from Italy, where the public sector and social enterprises plan services side by side. "
        "In Scotland it was first tried in the years before 2008, and has since been used in justice, mental health, "
        "transport, learning disability and early years. Advice to government has kept three wishes: buyers and "
        "social organisations should get better at working together, contracts should be easier to bid for, and both "
        "sides should be trained."
    ),
}  # fmt: skip

LINES = {
    "projects": [
        "Two early pilots, described in 2008: starter furniture, and befriending for older people.",
        "Ten government-backed pilots between 2009 and 2011.",
        "The partnerships of a national fund to reduce reoffending, from 2012.",
        "Six strategic partnerships that were studied around 2018.",
    ],
    "issues": [
        "Public bodies do not always know what charities and social enterprises could do for them.",
        "Many third sector organisations live from one grant to the next and would rather earn their income.",
        "On its own, a small organisation may lack the size, the confidence or the paperwork to bid.",
        "Bidders often need help with procurement, management and marketing before they can compete.",
        "Both sides may miss how much a partnership like this can change a service.",
        "Few people have written down how to form one and how the partners should work together.",
    ],
    "stages": [
        "Design: the public body and third sector organisations plan the service together.",
        "Pilot: the partners run it on a small scale and record how it goes.",
        "Tender: the public body buys the longer-term service in an open competition.",
    ],
    "next": [
        "Bring together government, councils, other public bodies and the third sector to start and support pilots.",
        "Use people who have been through it as guides for those who begin.",
        "Offer procurement training to buyers and bidders in one room.",
        "Help buyers to give quality the same weight as price.",
        "Look for loans and investment that let small organisations take part.",
        "Ask each council to name somebody who brings its departments together around the partnership.",
    ],
}

# Number in the starter library, and what this learning point says of it. Empty: the lesson's own advice.
LEARNED = [
    (1, "Allow 6 to 12 months for design, at least 24 months to build the partnership and its members' skills, 6 months "
        "to evaluate and redesign the contract, and 6 months from tender to the first day of service. Together that "
        "is three and a half to four years. Put a price on it."),
    (2, ""),
    (3, "Fund a development officer, administration, and the meetings in which the partners settle what they are for."),
    (4, ""),
    (5, ""),
    (8, ""),
    (9, ""),
    (12, ""),
    (14, ""),
    (15, ""),
    (16, ""),
    (17, ""),
    (18, ""),
]  # fmt: skip

LINKS = [
    {
        "title": "Report on the strategic public social partnership model in Scotland",
        "publisher": "Scottish Government",
        "address": "https://www.gov.scot/publications/"
        "report-date-strategic-public-social-partnership-psp-model-scotland/pages/5",
    },
    {"title": "Evaluation of the Reducing Reoffending Change Fund", "publisher": "Scottish Government", "year": 2015},
    {
        "title": "Learning point 41: public social partnerships",
        "publisher": "Scottish Centre for Regeneration",
        "year": 2008,
    },
    {
        "title": "Review of Public Procurement in Scotland: report and recommendations",
        "publisher": "J. F. McClelland",
        "year": 2006,
        "isbn": "0-7559-4999-4",
    },
]


def add(apps, schema_editor):
    get = lambda name: apps.get_model("lessons", name)  # noqa: E731
    series = get("Series").objects.get(name="Learning points")
    series.last_number += 1
    series.save()
    now = clock.now()
    point = get("LearningPoint").objects.create(
        series=series,
        number=series.last_number,
        slug=f"{series.last_number}-what-public-social-partnerships-have-taught-so-far",
        state="published",
        published_at=now,
        month=clock.today().replace(day=1),
        **TEXTS,
    )
    for block, texts in LINES.items():
        for position, text in enumerate(texts, 1):
            get("LearningPointLine").objects.create(learning_point=point, block=block, position=position, text=text)
    for position, (number, text) in enumerate(LEARNED, 1):
        lesson = get("Lesson").objects.get(number=number)
        get("LearnedLesson").objects.create(learning_point=point, lesson=lesson, position=position, text=text)
    for link in LINKS:
        get("LearningPointLink").objects.create(learning_point=point, **link)


def remove(apps, schema_editor):
    LearningPoint, Series = apps.get_model("lessons", "LearningPoint"), apps.get_model("lessons", "Series")
    LearningPoint.objects.filter(number=1, added_by=None, series__name="Learning points").delete()
    series = Series.objects.get(name="Learning points")
    series.last_number = max([0, *series.learning_points.values_list("number", flat=True)])
    series.save()


class Migration(migrations.Migration):
    dependencies = [("lessons", "0003_starter_library")]

    operations = [migrations.RunPython(add, remove)]
