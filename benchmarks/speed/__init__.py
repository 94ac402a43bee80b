"""Training and prediction side by side with other libraries: ``python -m benchmarks``."""
