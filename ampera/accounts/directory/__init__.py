"""Sign-in with the accounts of a directory (OpenID Connect): people of an office that already has one, and leavers."""
