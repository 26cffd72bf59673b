"""The member's page and its buttons; `desk.admin` opens it, together with what higher floors know of a member."""
