"""Files: an upload from first byte to verdict, then reading, links, deletion, quotas."""
