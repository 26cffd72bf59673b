"""What the desk does across the house: verifying the books."""
