"""Questions about the office's rows."""
