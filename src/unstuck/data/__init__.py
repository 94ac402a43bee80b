"""Data: built-in tasks, tables from files, splits and scaling. This floor knows no network."""
