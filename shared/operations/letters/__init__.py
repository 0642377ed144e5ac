"""Dead letters for operators: seen in groups, one beside its schema, replayed and dropped by order."""
