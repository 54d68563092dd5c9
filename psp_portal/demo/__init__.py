"""Demo data: six invented partnerships, told through the portal's own actions, so that the demo obeys every rule.

`manage.py demo_data` tells the story relative to today; with `--today` it tells the same story of another day. Every
person and organisation in it is invented.
"""
