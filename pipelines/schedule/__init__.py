"""When a portal is worth a visit: its own rhythm, the plan that follows from it, the holidays."""
