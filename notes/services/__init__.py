"""What colleagues do with notes and tasks."""
