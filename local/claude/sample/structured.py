"""Structured data (JSON-LD) from the client's facts."""

import json

from local.claude.sample.brief import Brief


def json_ld(brief: Brief, note: str) -> str:
    """Return a JSON-LD document; `note` says that it is a sample."""
    client = brief.client
    offers = [
        {"@type": "Offer", "itemOffered": {"@type": "Service", "name": head, "description": rest}}
        for head, rest in client.steps[:4]
    ]
    document = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": client.name or brief.title,
        "disambiguatingDescription": note,
        "description": client.what,
        "audience": {"@type": "Audience", "audienceType": client.audience},
        "makesOffer": offers,
    }
    return json.dumps({key: value for key, value in document.items() if value}, indent=2, ensure_ascii=False)
