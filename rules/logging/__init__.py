"""LOG: detection by logs and monitoring."""
