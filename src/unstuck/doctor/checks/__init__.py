"""One question a file: what is wrong with this script, and what shows it."""
