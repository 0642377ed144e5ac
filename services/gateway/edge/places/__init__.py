"""Places from which the site may be used: rules as data, the country of an address, and what is refused from where."""
