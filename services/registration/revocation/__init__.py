"""The published list of what has ended before its tokens did."""
