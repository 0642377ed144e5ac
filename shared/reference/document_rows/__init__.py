"""The lists of required documents, one module per status of residence."""
