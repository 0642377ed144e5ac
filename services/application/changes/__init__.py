"""Changes: what an applicant changes after filing (corrections, contact, address), and how long a decision takes."""
