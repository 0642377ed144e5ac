"""Consumer-driven contracts: what each service reads of each event, and the gateway of each answer (decision 0925)."""
