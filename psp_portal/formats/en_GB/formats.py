"""How dates are written and read. Django's own list for British English would win over settings of the same name.

Day before month, always: 03/04/2027 is 3 April. The first of each list is how a form shows the date it holds.
"""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%y"]
DATETIME_INPUT_FORMATS = [
    "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%d/%m/%y %H:%M",
]  # fmt: skip
