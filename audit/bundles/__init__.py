"""
The form of a bundle: what an auditor carries away from the log, and can check without anybody.

A zip archive in exactly one spelling: entries with their proofs, the checkpoint that they are
proven against, whose keys count, the same as a table for people, and a page that checks it all.
Pure: no Django, clock or randomness; a reader is handed the open file. The second implementation
is frontend/src/verify/bundle.
"""
