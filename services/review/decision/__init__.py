"""Decision: proposals, the second officer, the fee due, cases of the same person."""
