"""System checks: what must be right before VoiceLab serves or trains."""
