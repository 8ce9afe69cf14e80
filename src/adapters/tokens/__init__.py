"""Whose token is this: HS256 with a secret of ours, or EdDSA, ES256 and RS256 with the keys of an issuer."""

from adapters.tokens.jose import SecretVerifier, issue_token
from adapters.tokens.jwks import IssuerUnavailable, JwksVerifier

__all__ = ["IssuerUnavailable", "JwksVerifier", "SecretVerifier", "issue_token"]
