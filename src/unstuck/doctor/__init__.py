"""Why does it not learn? Found by measuring, not by guessing."""
