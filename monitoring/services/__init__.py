"""What happens to review flags and to the limits that raise them."""
