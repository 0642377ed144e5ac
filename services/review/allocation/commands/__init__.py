"""Commands on the queue, the examiner and the office of a case, its flags, and the examiners of an office."""
