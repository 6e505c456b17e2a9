"""Generates requests from the contract, sends them, shrinks what fails. What an answer means is for rules and oracle to say."""
