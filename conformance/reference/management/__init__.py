"""The management plane: Batch accounts as Azure Resource Manager serves them. It shares the store with the data plane and nothing
else: it has a protocol, headers, an error envelope and an authentication of its own."""
