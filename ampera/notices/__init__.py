"""Messages to applicants, written in the transaction that causes them and sent by background workers."""
