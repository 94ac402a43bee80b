"""A user's training script: read, instrumented, run, stopped and asked."""
