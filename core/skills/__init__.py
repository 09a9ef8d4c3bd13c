"""Skills: what a SKILL.md says, and the catalogue of those that can be run."""
