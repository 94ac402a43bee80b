"""The fault benchmark: right training scripts, made wrong in known ways, and what the doctor says to each."""
