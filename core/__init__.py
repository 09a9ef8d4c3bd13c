"""What the product does: accounts, clients, skills, detection, runs, the agent, feedback."""
