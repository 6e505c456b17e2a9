"""Other tools beside this suite, on the same servers: what a user could pick instead."""
