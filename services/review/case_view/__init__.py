"""The whole case as officers read it: it shows what every wing wrote, so it stands above them."""
