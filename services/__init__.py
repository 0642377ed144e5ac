"""The services. None imports another: they meet in events and in HTTP calls the gateway makes."""
