"""The starter library gets what every lesson now says: what it costs not to know it, for whom, since when, how sure."""

from django.db import migrations

# number: (cost of not knowing, audience, strength, year)
SHAPE = {
    1: ("The pilot starts months late, and the partners pay for the months.", "everybody", "several", 2008),
    2: ("The smallest members fall silent and then leave.", "commissioners", "several", 2008),
    3: ("The argument about aims comes in the middle of delivery, when it is dearest.", "everybody", "several", 2008),
    4: ("Work is done twice or by nobody, and nobody can say who should have done it.", "everybody", "told", 2013),
    5: ("The service is built for people who were never asked, and does not fit them.", "everybody", "evaluated", 2015),
    6: ("The partners carry out a design that was made by a form.", "commissioners", "evaluated", 2015),
    7: ("A great effort is spent where a simple agreement would have done.", "commissioners", "evaluated", 2015),
    8: ("A service that works stops on the day its grant ends.", "commissioners", "evaluated", 2014),
    9: ("Those who save the most pay nothing, and the sums never add up.", "public", "evaluated", 2014),
    10: ("Every partnership pays for the same mistakes.", "everybody", "evaluated", 2015),
    11: ("Slow progress is taken for bad faith, and trust that was growing is lost.", "everybody", "evaluated", 2018),
    12: ("The pilot ends without a contract to follow it.", "procurement", "evaluated", 2018),
    13: ("Families fight the change that was meant to help them.", "public", "told", 2013),
    14: ("Small organisations stay away for fear of being swallowed.", "third-sector", "several", 2008),
    15: ("Staff and the people supported learn of the loss on the day it happens.", "third-sector", "several", 2008),
    16: ("The lower price wins, because nothing stood beside it.", "third-sector", "several", 2008),
    17: ("Good bids fail on form, and good bidders are never found.", "procurement", "several", 2008),
    18: ("A service that was designed for results is bought on its price.", "procurement", "several", 2008),
    19: ("New partners doubt, and wait for somebody else to begin.", "everybody", "evaluated", 2015),
}


def give(apps, schema_editor):
    Lesson = apps.get_model("lessons", "Lesson")
    for number, (cost, audience, strength, year) in SHAPE.items():
        Lesson.objects.filter(number=number, added_by=None, partnership=None).update(
            cost=cost, audience=audience, strength=strength, year=year
        )


def take_back(apps, schema_editor):
    apps.get_model("lessons", "Lesson").objects.filter(number__in=SHAPE, added_by=None, partnership=None).update(
        cost="", audience="everybody", strength="told", year=None
    )


class Migration(migrations.Migration):
    dependencies = [("lessons", "0006_search_after_the_new_columns")]

    operations = [migrations.RunPython(give, take_back)]
