"""What people type: the commands of partywall."""
