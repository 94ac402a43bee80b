"""What the doctor says to trainings of which most go well: every built-in task and every example, from many seeds."""
