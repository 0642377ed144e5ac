"""The drill: everything is lost, and restored to a point in time by the steps of docs/operations/restore.md."""
