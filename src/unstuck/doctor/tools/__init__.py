"""What else can be asked about a script: what its first steps compute, whether it learns one example, what differs between two versions."""
