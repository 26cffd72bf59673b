"""What happens to manual reimbursements: their papers, the decision on them, the payment, and what comes back."""
