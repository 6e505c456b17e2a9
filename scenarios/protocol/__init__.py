"""What holds for every operation: api-versions, headers, errors, conditions, lists, authentication."""
