"""The starter library: nineteen published lessons in our own words, each with the source it can be traced to.

They are our reading of what has been published about the model. They are not, and must not be called, the “16 key
lessons” of 2015, whose text was not found.
"""

from django.db import migrations
from django.utils.text import slugify

from foundation.database import clock

POINT_41 = ("Learning point 41: public social partnerships, Scottish Centre for Regeneration, March 2008", "")
CHANGE_FUND = "Evaluation of the Reducing Reoffending Change Fund (gov.scot)"
STRATEGIC = "Report on the strategic public social partnership model (gov.scot)"
STRATEGIC_PAGE = (
    "https://www.gov.scot/publications/report-date-strategic-public-social-partnership-psp-model-scotland/pages/"
)


def change_fund(where):
    return (f"{CHANGE_FUND}, {where}", "")


def strategic(page):
    return (f"{STRATEGIC}, page {page}", f"{STRATEGIC_PAGE}{page}")


# title; what happened; why; advice; evidence; stage; theme; kind of service; (source, address)
LESSONS = [
    (
        "Put a price and a timetable on building the partnership",
        "Partners who expected to start quickly found that getting organised took much longer than planned. Some "
        "services were fully running only months after their official start.",
        "Working together is work: meetings, agreements and getting to know each other use staff time that no budget "
        "line had named.",
        "Give partnership building its own lines in the budget and its own months in the plan: six to twelve months "
        "for design and at least two years for building up the partnership and its members' skills.",
        "The 2008 learning point found that keeping a partnership going takes extra effort, time and money. Lead "
        "managers in the later change fund said the same of setting up.",
        "design", "resources", "any", POINT_41,
    ),
    (
        "Appoint a project lead who knows all three worlds",
        "Pilots leaned on one person to hold everybody together and to give smaller members more help than others.",
        "Somebody has to understand how a consortium grows, how public bodies and charities each work, and what the "
        "people who use the service need.",
        "Pay for a project lead from the first day. Look for experience of consortia, of work across sectors and of "
        "this kind of service, and give them hours to support the smallest members.",
        "Both pilots described in 2008 named the co-ordinating lead, and that person's mix of experience, as needed.",
        "design", "people", "any", POINT_41,
    ),
    (
        "Agree what you are for, and pay for the time it takes",
        "Partners that had not settled a common aim argued about it later, in the middle of delivery.",
        "Each organisation arrives with its own mission. A common one does not come about by accident.",
        "Hold the meetings that settle a joint aim and joint values before designing the service, write the result on "
        "one page, and count the cost of those meetings as part of the project.",
        "The 2008 learning point lists work on a common vision and values among the costs that funding has to meet.",
        "design", "purpose", "any", POINT_41,
    ),
    (
        "Write down who does what, and limit how many hats one person wears",
        "A partnership mixes public bodies, providers, people who use services, families and carers. Without a "
        "written list, tasks were done twice or by nobody.",
        "Most parts can be played from either sector, so nobody can guess them from a job title.",
        "List every role with a name beside it. One person may hold two roles, but only when they have the hours for "
        "both. Review the list at each stage.",
        "A guide of July 2013 on roles and structures treats clear roles as essential and allows doubling up where "
        "there is capacity.",
        "design", "governance", "any",
        ("Guide to roles, responsibilities and structures, July 2013 (excerpt)", "https://studylib.net/doc/8285750"),
    ),
    (
        "Plan how people who use the service will shape it",
        "In the first year of one large fund, people who use services were mostly asked to comment on a proposal that "
        "was already written.",
        "Deadlines came first, and nobody had set aside time, money or a method for designing together.",
        "Decide before the design starts who will take part, how often, who pays their costs and which decisions are "
        "truly open. Record what changed because of them.",
        "The evaluation found that co-production between organisations grew well, while the voice of service users "
        "was reached only in part.",
        "design", "co-production", "justice", change_fund("research findings, page 12; year 1 findings, page 1"),
    ),
    (
        "Ask funders for room to design",
        "Applicants fitted their ideas to narrow conditions, so little was left to be decided together.",
        "When a fund fixes the client group, the method and the dates, the design stage has nothing to design.",
        "Before applying, ask the funder which conditions are firm. Write the application so that the design stage may "
        "still change the service.",
        "Partners told the evaluators that tight criteria had left them less space to design jointly.",
        "design", "funding", "justice", change_fund("research findings, page 12"),
    ),
    (
        "Keep this model for services that are big enough and new enough",
        "Small partnerships, and those built around a service that already ran, saw less benefit for the same effort.",
        "The cost of forming a partnership is much the same whatever its size, and an existing service leaves less to "
        "redesign.",
        "Ask at the start whether the service is large and new. If it is neither, consider a simpler way of working "
        "together.",
        "The evaluators concluded that the approach suits large new services best.",
        "design", "fit", "justice", change_fund("research findings, page 12"),
    ),
    (
        "Settle in writing who will pay when the pilot money ends",
        "Pilots with good results came to the end of their grant without anybody having promised to carry them on.",
        "Talking about lasting money felt too early at first, and was too late at the end.",
        "Put lasting funding on the agenda of the first meeting. Ask each public body for a written statement of what "
        "it would pay for, on which results, and review it at every gate.",
        "The first-year evaluation advised early talks and commitments on paper.",
        "any", "sustainability", "justice", change_fund("year 1 findings, page 7"),
    ),
    (
        "Invite every public body that stands to save money",
        "Savings fell to bodies that were not at the table, and those bodies did not help to pay.",
        "A service for one client group often lowers the costs of health, housing, police and courts at once.",
        "Draw a map of who gains if the service works. Invite each of them to be a partner while the design is still "
        "open.",
        "Evaluators saw that bodies left out at the start saw no reason to contribute later.",
        "design", "partners", "justice", change_fund("year 1 findings, page 7"),
    ),
    (
        "Trade knowledge with partnerships in the same field",
        "Several partnerships solved the same problems side by side without knowing of each other.",
        "There was no set occasion to meet and no common place to write down what each had learned.",
        "Find the other partnerships in your field, meet them at least twice a year, and publish your lessons while "
        "they are fresh.",
        "Sharing between partnerships is one of the recommendations of the change fund's evaluation.",
        "any", "learning", "justice", change_fund("research findings, page 12"),
    ),
    (
        "Expect habits to change slowly while everyone still competes",
        "Organisations that were rivals for grants last year were asked to be open with each other this year.",
        "Trust changes habits only with time, and the world around the partnership stays short of money and "
        "competitive.",
        "Name the tension openly. Agree what will be shared and what will not, start with small joint tasks, and do "
        "not read slow progress as bad faith.",
        "The report on strategic partnerships describes collaboration as a change of culture that needs time.",
        "any", "culture", "any", strategic(4),
    ),
    (
        "Start preparing the tender while the pilot is running",
        "None of ten publicly supported pilots between 2009 and 2011 got as far as a procurement.",
        "The end of the pilot had no owner on the buying side, so the next step had no date.",
        "Name a procurement officer at the start, give the tender notice a date in the first plan, and look at that "
        "date at every gate.",
        "A note in the report on strategic partnerships records that the ten pilots did not reach procurement.",
        "redesign", "tender", "any", strategic(5),
    ),
    (
        "Show people the new service before closing the old one, and give it a plain name",
        "In one city, carers saw day centres close before they could see what would replace them. They opposed the "
        "change and took its slogan for a trick.",
        "People judge a promise by what they can visit. A clever name makes them suspicious.",
        "Open something that families can see and try before anything closes. Call it what it is.",
        "A newspaper reported the carers' anger at the time. About 520 people had used the centres.",
        "any", "communication", "disability", ("The Herald (heraldscotland.com), article 13139711", ""),
    ),
    (
        "Let each partner stay itself, in a joint company if need be",
        "In two pilots the members formed a separate company for the contract and kept their own boards, staff and "
        "ways of working.",
        "Small organisations fear being swallowed. A company of their own lets them pool skills for one contract only.",
        "Talk about identity early. Compare a lead-partner agreement with a joint company, and remember that a joint "
        "company inherits its members' earlier involvement when it bids.",
        "Both pilots of the 2008 learning point chose a company, and reported that members kept their character.",
        "design", "structure", "any", POINT_41,
    ),
    (
        "Decide now what you will do if you lose the tender",
        "Organisations that had built a service with their partners had no plan for the day another bidder won it.",
        "Planning to lose feels disloyal, so it is put off until jobs and people's support are already at risk.",
        "Each partner that may bid writes one page before the tender opens: what happens to staff, to the people "
        "supported, to buildings and to cash.",
        "A plan for not winning is one of the findings of the 2008 learning point.",
        "tender", "contingency", "any", POINT_41,
    ),
    (
        "Measure the difference you make in a way a buyer can compare",
        "Partners knew that they did more than the contract asked, but could not set it beside a company's lower "
        "price.",
        "Social benefit that is not measured has no line in an evaluation.",
        "Choose a method, such as social return on investment or social accounting, before the pilot starts. Collect "
        "its figures every month, and say plainly what they do not show.",
        "The 2008 learning point names both methods as ways to show what a private bidder would not bring.",
        "pilot", "evidence", "any", POINT_41,
    ),
    (
        "Train buyers and bidders together",
        "Charities did not know how a tender runs, and buyers did not know what charities can do.",
        "Each side had learned its rules alone.",
        "Hold joint training on procurement before the tender is prepared, open to every possible bidder, and keep the "
        "slides for those who could not come.",
        "Investment in training for both sides is recommended in the guide that the 2008 learning point quotes.",
        "tender", "skills", "any", POINT_41,
    ),
    (
        "Argue for quality to weigh as much as price",
        "A service that had been designed for better results could be lost to the cheapest offer.",
        "Weights are often copied from an earlier tender for something else.",
        "Propose that quality and price count the same, and show from the pilot which parts of quality changed "
        "people's lives. Publish the weights and keep to them.",
        "The 2008 learning point explains best value in this way: neither side of the scale outweighs the other.",
        "tender", "award", "any", POINT_41,
    ),
    (
        "Use the word of those who have done it",
        "New partners doubt that the effort pays. Asked afterwards, 85% of one fund's partners said they would do it "
        "again.",
        "People trust those in their own position more than they trust a guide.",
        "Bring a manager from an earlier partnership to your first meeting. Be honest as well: the evaluators could not "
        "tell whether another way of funding would have done as well.",
        "The figure and the warning come from the same evaluation.",
        "design", "advocacy", "justice", change_fund("research findings, page 10"),
    ),
]  # fmt: skip

SERIES = ("Lessons", "Learning points", "Lessons reports")
FIELDS = ("title", "what_happened", "why", "advice", "evidence", "stage", "theme", "kind_of_service")


def add(apps, schema_editor):
    Series, Lesson = apps.get_model("lessons", "Series"), apps.get_model("lessons", "Lesson")
    for name in SERIES:
        Series.objects.create(name=name, last_number=len(LESSONS) if name == "Lessons" else 0)
    now = clock.now()
    for number, (*texts, (label, address)) in enumerate(LESSONS, 1):
        Lesson.objects.create(
            number=number,
            slug=f"{number}-{slugify(texts[0])[:70].strip('-')}",
            **dict(zip(FIELDS, texts, strict=True)),
            source_label=label,
            source_address=address,
            state="published",
            published_at=now,
        )


def remove(apps, schema_editor):
    Series, Lesson = apps.get_model("lessons", "Series"), apps.get_model("lessons", "Lesson")
    Lesson.objects.filter(number__lte=len(LESSONS), added_by=None, partnership=None).delete()
    Series.objects.filter(name__in=SERIES, learning_points=None).delete()


class Migration(migrations.Migration):
    dependencies = [("lessons", "0002_search_index")]

    operations = [migrations.RunPython(add, remove)]
