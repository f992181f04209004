"""How wrong passwords are counted, and which browsers an account has been used in."""
