"""What providers send live, done by the services of the rooms below."""
