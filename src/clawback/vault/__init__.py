"""Seals originals byte for byte and proves that they have not changed since."""
