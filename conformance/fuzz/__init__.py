"""Generates requests from the contract, sends them, shrinks what fails. What an answer means is said by rules and oracle alone."""
