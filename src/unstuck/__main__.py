"""``python -m unstuck`` is the command line."""

from unstuck.cli.main import main

main()
