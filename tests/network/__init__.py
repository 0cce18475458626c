"""What the network reasoning must say."""
