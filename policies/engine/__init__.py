"""The pure engine: policy and facts in, an explained outcome or a refusal out.

Nothing here reads a clock, a row or a setting, writes anything, or imports Django.
"""
