"""What the office does: roles, approvals, jobs."""
