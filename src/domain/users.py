"""Who can be a user."""

from domain.errors import Invalid

SUBJECT_MAX = 255  # OpenID Connect Core 1.0 §2
CONTROLS = frozenset(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))


def names_a_user(subject: object) -> bool:
    """Whether this can be a user's id: 1 to 255 characters, not blank, without controls or lone surrogates."""
    if not isinstance(subject, str) or len(subject) > SUBJECT_MAX or not subject.strip():
        return False
    return CONTROLS.isdisjoint(subject) and not any("\ud800" <= character <= "\udfff" for character in subject)


def checked_user(name: str) -> str:
    """An id that `/api/{user_id}` reaches: no slash, also as %2F, which parts segments, and no dots. Raises Invalid."""
    if not names_a_user(name) or "/" in name or name in (".", ".."):
        raise Invalid(
            "user_id", "must be 1 to 255 characters, not blank, without / and control characters, not . or .."
        )
    return name
