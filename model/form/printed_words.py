"""Reads the parts of a format file that become sentences on paper: the preface, 信息处理费, 审签单, titles of laws."""

from __future__ import annotations

import string
from collections.abc import Mapping

from model.base import Node
from model.form.format import FORM_TITLE, UNIT_KINDS, ApprovalSlip, FeeWords


def titles(node: Node) -> Mapping[str, str]:
    """Return the full titles by the short ones; that of the form itself needs no entry."""
    form = f"《{node.text('name')}》（{node.text('document')}）"
    return {FORM_TITLE: form, **dict(node.children("titles", lambda law: (law.text("short"), law.text("full"))))}


def approval(node: Node) -> ApprovalSlip:
    """Read the 审签单."""
    steps = node.texts("steps")
    if not steps or not all(step.strip() for step in steps):
        raise node.mistake("steps", "至少要有一步，每一步都要有名称")
    return ApprovalSlip(node.text("title"), steps)


def fee_words(node: Node) -> FeeWords:
    """Read the sentence on 信息处理费."""
    step = node.whole("step")
    if step < 1:
        raise node.mistake("step", f"应大于 0，现为 {step}")
    says = pattern(node, "says", {"year", "subject", "notices", "noticed"})
    received, none = pattern(node, "received", {"received"}), pattern(node, "none", {"year", "subject"})
    subjects = node.child("subjects", _subjects) if node.has("subjects") else dict.fromkeys(UNIT_KINDS, "")
    return FeeWords(step, says, received, node.text("unpaid", none), none, subjects)


def _subjects(node: Node) -> Mapping[str, str]:
    """Read what the agency is called by kind of unit; a kind without a name is not named."""
    return {kind: node.text(kind, "") for kind in UNIT_KINDS}


def sentences(node: Node, key: str, allowed: set[str]) -> tuple[str, ...]:
    """Read texts with {fields}, at least one; refuse any but the allowed fields."""
    texts = node.texts(key)
    if not texts:
        raise node.mistake(key, "至少要有一句")
    return tuple(_fields_checked(node, f"{key}[{n}]", text, allowed) for n, text in enumerate(texts, 1))


def pattern(node: Node, key: str, allowed: set[str]) -> str:
    """Read a text with {fields}; refuse any but the allowed ones."""
    return _fields_checked(node, key, node.text(key), allowed)


def _fields_checked(node: Node, key: str, text: str, allowed: set[str]) -> str:
    try:
        fields = {(name, spec, how) for _, name, spec, how in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise node.mistake(key, f"花括号不成对：{text}") from error
    for name, spec, how in sorted(fields, key=str):
        if name not in allowed or spec or how:
            known = "、".join(f"{{{field}}}" for field in sorted(allowed))
            written = name + (f"!{how}" if how else "") + (f":{spec}" if spec else "")
            raise node.mistake(key, f"“{{{written}}}”不可用，只能写 {known}")
    return text
