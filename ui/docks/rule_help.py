"""Help page of a rule in Markdown: subject, basis, severity, remedy and two examples."""

from __future__ import annotations

from model.checks import Finding, ground_of
from model.editing import page_of
from model.form import Format, Severity
from model.prose import RuleSet

TITLE = "为什么有这一条"
_STRENGTH = {
    Severity.ERROR: "错误：定稿前必须改正",
    Severity.EXPLAIN: "须说明：核对无误的，写明原因后可以保留",
    Severity.HINT: "提示：不影响定稿，核对后可以不改",
}
_OVERRULABLE = "错误：改正，或写明原因（如上年报告更正、机构改革）后保留"


def help_for_finding(form: Format, rules: RuleSet, finding: Finding) -> str:
    """Return Markdown about the rule that a finding comes from."""
    page = page_of(form, rules, finding)
    strength = _OVERRULABLE if finding.overrulable else _STRENGTH[finding.severity]
    parts = [
        ("检查什么", page.what), ground_of(page.basis), ("类别", strength), ("怎么办", finding.advice),
        ("会提示", page.fires), ("不会提示", page.quiet), ("说明", page.sample),
    ]  # fmt: skip
    said = [f"**{head}**　{_plain(words)}" for head, words in parts if words]
    return form.in_full("\n\n".join([f"## {TITLE}", f"> {_plain(finding.message)}", *said]))


def _plain(words: str) -> str:
    """Collapse whitespace and escape the characters that Markdown would interpret."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~" else sign for sign in " ".join(words.split()))
