"""What is done with the audit log: writing it, and letting old rows go."""
