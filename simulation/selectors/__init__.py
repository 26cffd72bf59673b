"""Questions about settled visits, and about the law they are calculated by once more."""
