"""The guide: questions in everyday words that end in a procedure, a status of residence and an activity, or say where
else to go. The questions are data; the way through them is `walk`.
"""
