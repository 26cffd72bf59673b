"""What happens to claims: registered, settled or refused, reversed."""
