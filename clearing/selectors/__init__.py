"""Questions about providers' files and what is settled with them."""
