"""The payment provider (収納代行): a port, and its implementation over HTTP."""
