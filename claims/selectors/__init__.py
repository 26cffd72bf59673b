"""Questions about claims and settlements."""
