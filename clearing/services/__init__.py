"""What happens between the agency and a provider: files taken in, statements, deductions, clearings, payments."""
