"""partywall says which security duties of an AWS customer a template leaves open."""

__version__ = "0.1.0"
