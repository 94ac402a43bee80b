"""Running scripts and watching what they do."""
