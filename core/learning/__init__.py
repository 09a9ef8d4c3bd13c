"""Learning: from ratings to rules that are proven before they are kept."""
