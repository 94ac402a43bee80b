"""Measurements, side by side with peers; each package here has a command of its own."""
