"""Accounts: sign-in, second factors, sessions, socket tickets."""
