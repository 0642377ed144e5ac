"""Usage registrations (利用申出), registrations of persons, and periodic reports: draft, submission, decision."""
