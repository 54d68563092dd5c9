"""Keeping processes alive: what `manage.py demo` and `manage.py worker` are made of."""
