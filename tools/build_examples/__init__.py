"""Makes the example heaps under `examples/` from the two invented stories. Same script, same bytes."""
