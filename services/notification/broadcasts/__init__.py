"""Broadcasts: notices of maintenance, of a change of law and others, to chosen groups, approved by two operators."""
