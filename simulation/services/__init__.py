"""What a person does with a simulation."""
