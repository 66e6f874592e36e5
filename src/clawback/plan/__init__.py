"""What to do, by when, and why: situations, actions, deadlines and the emergency card."""
