"""Numbers in prose: what each claims about the tables, and whether it agrees."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.claims import claim_check, ratios, share_sums, zero_claims
    from model.claims.number_summary import NumberSummary, summarise_numbers

__all__ = ["NumberSummary", "claim_check", "ratios", "share_sums", "summarise_numbers", "zero_claims"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"number_summary": ("NumberSummary summarise_numbers")})
