"""Ana and Bea of El Salvador, Boris of Mexico, and a draft of Ana's as requests' tests have it."""

from tests.integration.requests_mla.conftest import (
    _rulebook,
    acting,
    ana,
    bea,
    boris,
    browser,
    case,
    draft,
    opened,
)

__all__ = ["_rulebook", "acting", "ana", "bea", "boris", "browser", "case", "draft", "opened"]
