"""What the audit log knows about rows."""
