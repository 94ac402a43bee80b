"""How long the doctor takes, what its instruments cost a script, and whether it says the same twice: ``python -m benchmarks.doctor``."""
