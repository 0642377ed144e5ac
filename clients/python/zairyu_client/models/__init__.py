"""Models of the answers, one module for each service. All but `base` are generated."""
