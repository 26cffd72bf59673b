"""Questions about personal accounts."""
