"""The model at work: one interface, two roads. `agents.Agents` chooses between them by a task's tools."""
