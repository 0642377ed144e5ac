"""The rules of examination, decision and handing over: pure functions, no I/O.

`states` is the table of what may follow what and who may do it, `flow` applies it to one case, `decision` says what
may be granted and what it costs, `checklist` and `cards` are the values that officers enter, `access` says who sees.
"""
