"""Recordings of runs as vcrpy cassettes, one for each scenario, and the transport that answers from them.

What is written is made the same for the same behaviour: names, times, GUIDs and secrets have aliases. What may be written is an
allow-list; a recording that would still hold a secret is not written at all.
"""
