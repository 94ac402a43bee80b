"""Pictures of what a network learned and how."""
