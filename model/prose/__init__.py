"""The rules about texts as data, and a text as they see it: sentences, amounts, words of the form."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.prose.amount import Amount, amounts, within
    from model.prose.context import Passage, RuleContext, mend, moved, of_pieces, rows_under
    from model.prose.gazetteer import Gazetteer, Home
    from model.prose.lexicon import mark_years
    from model.prose.office_names import own_names
    from model.prose.rule_loader import load_rules
    from model.prose.rule_set import (
        AllWords,
        Pattern,
        PlaceNames,
        Privacy,
        Pronoun,
        Rank,
        RequiredStatement,
        RulePage,
        RuleSet,
        Subject,
        TextRule,
    )
    from model.prose.sentence import DELIMITERS, Sentence, clause_end, clause_start, fold, sentences
    from model.prose.vocabulary import Meaning, SmallWords, Term, Vocabulary, small_words

__all__ = [
    "DELIMITERS",
    "AllWords",
    "Amount",
    "Gazetteer",
    "Home",
    "Meaning",
    "Passage",
    "Pattern",
    "PlaceNames",
    "Privacy",
    "Pronoun",
    "Rank",
    "RequiredStatement",
    "RuleContext",
    "RulePage",
    "RuleSet",
    "Sentence",
    "SmallWords",
    "Subject",
    "Term",
    "TextRule",
    "Vocabulary",
    "amounts",
    "clause_end",
    "clause_start",
    "fold",
    "load_rules",
    "mark_years",
    "mend",
    "moved",
    "of_pieces",
    "own_names",
    "rows_under",
    "sentences",
    "small_words",
    "within",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "amount": ("Amount amounts within"),
            "context": ("Passage RuleContext mend moved of_pieces rows_under"),
            "gazetteer": ("Gazetteer Home"),
            "lexicon": ("mark_years"),
            "office_names": ("own_names"),
            "rule_loader": ("load_rules"),
            "rule_set": (
                "AllWords Pattern PlaceNames Privacy Pronoun Rank RequiredStatement RulePage RuleSet Subject TextRule"
            ),
            "sentence": ("DELIMITERS Sentence clause_end clause_start fold sentences"),
            "vocabulary": ("Meaning SmallWords Term Vocabulary small_words"),
        },
    )
