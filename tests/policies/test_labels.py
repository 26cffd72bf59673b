"""Every word of the law has a name in both languages, and imports understand all its spellings."""

from enum import StrEnum

import pytest
from django.utils.translation import override

from policies.engine import vocabulary as v
from policies.labels import LABELS, choices, codes_of, label, parse_term

VOCABULARY: list[type[StrEnum]] = [
    obj for obj in vars(v).values() if isinstance(obj, type) and issubclass(obj, StrEnum) and obj is not StrEnum
]
LANGUAGES = ("zh-hans", "en")

each_vocabulary = pytest.mark.parametrize("terms", VOCABULARY, ids=lambda terms: terms.__name__)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def test_there_are_words_to_look_at() -> None:
    assert {v.Tier, v.Benefit, v.RefusalReason, v.CreditMethod} < set(VOCABULARY)


@each_language
@each_vocabulary
def test_every_term_has_a_label_of_its_own(terms: type[StrEnum], language: str) -> None:
    with override(language):
        labels = [str(LABELS[term]) for term in terms]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@each_vocabulary
def test_codes_and_identifiers_of_a_vocabulary_are_never_mistaken_for_each_other(terms: type[StrEnum]) -> None:
    codes = [code for term in terms for code in codes_of(term)]
    assert len(set(codes)) == len(codes)
    assert not set(codes) & {term.value for term in terms}


@each_vocabulary
def test_a_term_is_understood_by_identifier_code_and_label_in_either_language(terms: type[StrEnum]) -> None:
    for term in terms:
        spellings = [term.value, f"  {term.value}\t", *codes_of(term)]
        for language in LANGUAGES:
            with override(language):
                spellings.append(str(LABELS[term]))
        for spelling in spellings:
            for language in LANGUAGES:
                with override(language):
                    assert parse_term(terms, spelling) is term, spelling


@each_language
@pytest.mark.parametrize(
    ("terms", "text"),
    [
        (v.Tier, ""),
        (v.Tier, "   "),
        (v.Tier, "all"),
        (v.Tier, "Primary"),
        (v.Tier, "tertiary"),
        (v.Tier, "99"),
        (v.Tier, "5"),
        (v.Tier, "primary secondary"),
        (v.Tier, "general_outpatient"),
        (v.CatalogCategory, "D"),
        (v.CatalogCategory, "a"),
        (v.AccountScheme, "3"),
        (v.InsuredStatus, "13"),
    ],
)
def test_other_words_are_refused_with_what_would_have_been_understood(
    terms: type[StrEnum], text: str, language: str
) -> None:
    understood = ", ".join(term.value for term in terms)
    with override(language), pytest.raises(ValueError, match=understood):
        parse_term(terms, text)


@pytest.mark.parametrize(
    ("terms", "code", "term"),
    [
        (v.Tier, "02", v.Tier.TERTIARY_A),
        (v.Tier, "03", v.Tier.TERTIARY_B),
        (v.Tier, "04", v.Tier.TERTIARY_C),
        (v.Benefit, "11", v.Benefit.GENERAL_OUTPATIENT),
        (v.Benefit, "14", v.Benefit.CHRONIC_DISEASE),
        (v.Benefit, "21", v.Benefit.INPATIENT),
        (v.InsuredStatus, "11", v.InsuredStatus.ACTIVE),
        (v.InsuredStatus, "12", v.InsuredStatus.RETIRED),
        (v.AccountScheme, "1", v.AccountScheme.COMBINED),
        (v.AccountScheme, "2", v.AccountScheme.POOLED_ONLY),
        (v.CatalogCategory, "01", v.CatalogCategory.A),
        (v.CatalogCategory, "02", v.CatalogCategory.B),
        (v.CatalogCategory, "03", v.CatalogCategory.C),
        (v.OutOfAreaKind, "02", v.OutOfAreaKind.RELOCATED_RETIREE),
        (v.OutOfAreaKind, "06", v.OutOfAreaKind.REFERRAL),
        (v.OutOfAreaKind, "07", v.OutOfAreaKind.LONG_TERM_RESIDENT),
        (v.OutOfAreaKind, "08", v.OutOfAreaKind.POSTED_WORKER),
        (v.CreditComponent, "310200", v.CreditComponent.PERSONAL),
        (v.CreditFund, "310100", v.CreditFund.POOLED_FUND),
    ],
)
def test_the_national_platforms_codes_mean(terms: type[StrEnum], code: str, term: StrEnum) -> None:
    assert parse_term(terms, code) is term


@each_vocabulary
def test_a_field_offers_every_term_and_all_only_where_a_rule_may_hold_for_all(terms: type[StrEnum]) -> None:
    assert [value for value, _label in choices(terms)] == [term.value for term in terms]
    assert [value for value, _label in choices(terms, with_all=True)] == ["all", *(term.value for term in terms)]


def test_a_stored_value_is_shown_by_its_label() -> None:
    with override("en"):
        assert label("tertiary_a", v.Tier) == "tertiary grade A"
        assert label("all", v.Tier) == "all"
        with pytest.raises(ValueError, match="quaternary"):
            label("quaternary", v.Tier)


def test_terms_that_are_spelled_alike_keep_their_own_labels() -> None:
    with override("en"):
        assert str(LABELS[v.Tier.PRIMARY]) == "primary and below"
        assert str(LABELS[v.PharmacyTerms.PRIMARY]) == "those of a primary institution"
        assert str(LABELS[v.SeniorFrom.NEXT_MONTH]) != str(LABELS[v.ConversionFrom.NEXT_MONTH])
        assert parse_term(v.Tier, "primary and below") == v.Tier.PRIMARY
