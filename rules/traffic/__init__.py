"""TLS: network traffic protection."""
