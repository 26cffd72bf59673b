"""Notes on things, and tasks that they give."""
