"""The use cases. The only place that knows the rooms; doors know only this."""
