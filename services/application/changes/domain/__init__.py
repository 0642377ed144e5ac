"""The rules of what may change after filing, and the comparison of two versions."""
