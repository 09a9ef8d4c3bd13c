"""The inbox: updates are rows before they are acknowledged, and are handled in order for each chat."""
