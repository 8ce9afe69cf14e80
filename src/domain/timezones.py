"""Which time zones there are."""

from functools import lru_cache
from zoneinfo import available_timezones

from domain.errors import Invalid


def checked_timezone(name: str) -> str:
    """An IANA zone name. Raises Invalid."""
    if name not in known_timezones():
        raise Invalid("timezone", "must be an IANA time zone such as Asia/Karachi")
    return name


@lru_cache(maxsize=1)
def known_timezones() -> frozenset[str]:
    """Every IANA zone; `localtime` and the like, which mean another zone on another machine, are none."""
    return frozenset(available_timezones())
