"""Programs that are measured, a process each. All but `ours` know the packages of the peers alone, not the product."""
