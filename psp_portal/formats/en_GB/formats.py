"""How dates are written and read. Django's own list for British English would win over settings of the same name.

Day before month, always: 03/04/2027 is 3 April. The first of each list is how a form shows the date it holds.
`foundation/forms/moments.py` spells a moment out (“27 March 2027 at 5pm”) before it is compared with these.
"""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y"]
DATETIME_INPUT_FORMATS = [f"{day} {time}" for time in ("%H:%M", "%H:%M:%S") for day in DATE_INPUT_FORMATS]
