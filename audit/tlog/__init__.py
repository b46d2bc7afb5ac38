"""
Transparency-log formats: a Merkle tree and the texts and tiles in which others can check it.

Byte for byte those of C2SP (signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles,
tlog-proof, tlog-policy) and of RFC 6962 section 2.1. Pure: no Django, clock, randomness or I/O; of
packages only `cryptography`. Nothing here knows what an entry means.
"""
