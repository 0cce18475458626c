"""NET: network and firewall configuration."""
