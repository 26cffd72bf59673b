"""Which notes there are, and whom they may ask."""
