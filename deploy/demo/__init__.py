"""The demonstration: one case end to end, printed step by step, from 利用申出 to the mailed card."""
