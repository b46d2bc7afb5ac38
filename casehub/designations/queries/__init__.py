"""Reading designations, what hangs on them, and whose hands count."""
