"""PAT: operating-system and platform patching."""
