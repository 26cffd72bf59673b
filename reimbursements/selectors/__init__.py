"""Questions about manual reimbursements and their payment."""
