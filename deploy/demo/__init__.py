"""One case, end to end, told step by step: from 利用申出 to the mailed card."""
