"""Second factors of an account: an authenticator app, passkeys, and recovery codes for the day both are lost."""
