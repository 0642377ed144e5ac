"""The number of mails that a killed sender may send twice."""


def twice_at_most(places: int) -> int:
    """For each death: the mails with the mail server, one for each place, and as many that were not recorded yet."""
    return 2 * places
