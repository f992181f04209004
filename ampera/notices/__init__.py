"""Messages to applicants, written in the transaction that caused them."""
