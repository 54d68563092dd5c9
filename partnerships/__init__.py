"""Second floor: the partnership itself: partners, stages, gates, plan, memorandum, budget."""
