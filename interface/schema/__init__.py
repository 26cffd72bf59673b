"""What a message may hold, as the national platform names it: read strictly, and published as a schema."""
