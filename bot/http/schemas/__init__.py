"""What travels over HTTP: pydantic models, which are not the tables. The OpenAPI document is made from these."""
