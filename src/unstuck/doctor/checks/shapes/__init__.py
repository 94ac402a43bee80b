"""Which shapes the expressions of a script have, worked out from the shapes of its variables without running anything."""
