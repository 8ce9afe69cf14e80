"""Whose token is this: HS256 with a secret of ours, or EdDSA, ES256 and RS256 with the keys of an issuer."""
