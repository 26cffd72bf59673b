"""What happens to personal accounts: posting, credit runs, spending."""
