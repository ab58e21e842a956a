"""How the weights came to be; never imported by the package."""
