"""JSON and YAML text with positions."""
