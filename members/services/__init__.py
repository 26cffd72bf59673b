"""What a clerk does with members."""
