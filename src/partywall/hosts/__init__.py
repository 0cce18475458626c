"""Others' houses that partywall lives in."""
