"""Reads and writes the rows of `meta` that prove which drafts and versions the file must hold, and its last write.

Rows and steps are verified one by one; a row that vanished with its traces is noticed here only.  Values are text:
`versions 3` = count, XOR of checksums, checksum · `gone 4` = created, time of deletion, checksum · `writes` = number,
salt, seal.  They are rows of `meta`, since another table in the schema would not fit on the first page of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from model.storage.row_codec import digest, together

VERSIONS, GONE, WRITES = "versions", "gone", "writes"
COUNTERS = ("uuid", "head", "drafts")  # keys covered by the seal of `writes`


@dataclass(frozen=True)
class VersionSet:
    """Number of versions of a draft, and the XOR of their checksums."""

    count: int
    content: str

    @classmethod
    def of_sums(cls, sums: Iterable[str]) -> VersionSet:
        """Count the versions with these checksums."""
        listed = list(sums)
        return cls(len(listed), together(listed))


@dataclass(frozen=True)
class Gone:
    """Number without a draft.  `created`: of the draft deleted for ever, "" if unknown; `at`: "" if it was lost."""

    created: str
    at: str

    def is_draft(self, created: str) -> bool:
        """Return True for the draft that was deleted for ever, False for another one or a lost one."""
        return bool(self.at) and self.created in {"", created}


@dataclass(frozen=True)
class Mark:
    """Identity of a state of the file: its last step (id, draft, chain) and its last write (number, seal).

    `versions`: number of versions of all drafts.  `chain` is "" when the row of the last step does not exist; `writes`
    is 0 in a file of an earlier schema.
    """

    uuid: str
    head: int
    draft: int = 0
    chain: str = ""
    writes: int = 0
    seal: str = ""
    versions: int = 0

    def proof(self) -> str:
        """Return all but uuid and head as text, for `progress`."""
        return f"{self.draft} {self.chain or '-'} {self.writes} {self.seal or '-'} {self.versions}"

    @classmethod
    def of(cls, uuid: str, head: int, proof: str) -> Mark:
        """Read a mark; one without a readable proof has uuid and head only."""
        parts = proof.split(" ")
        if len(parts) != 5 or not all(parts[index].isdecimal() for index in (0, 2, 4)) or len(proof) > 80:
            return cls(uuid, head)
        draft, chain, writes, seal, versions = parts
        return cls(uuid, head, int(draft), chain.strip("-"), int(writes), seal.strip("-"), int(versions))


# -- texts -----------------------------------------------------------------------------------------------------------


def version_set_text(draft: int, known: VersionSet) -> str:
    """Write the set of versions of a draft with its checksum."""
    return f"{known.count} {known.content} {digest(VERSIONS, draft, known.count, known.content)}"


def version_set_of(draft: int, text: str) -> VersionSet | None:
    """Read a set of versions; None if its checksum does not match."""
    count, _, rest = text.partition(" ")
    known = VersionSet(int(count) if count.isdecimal() and len(count) < 10 else -1, rest.partition(" ")[0])
    return known if version_set_text(draft, known) == text else None


def gone_text(draft: int, gone: Gone) -> str:
    """Write the record of a number without a draft with its checksum."""
    return f"{gone.created} {gone.at} {digest(GONE, draft, gone.created, gone.at)}"


def gone_of(draft: int, text: str) -> Gone | None:
    """Read the record of a number without a draft; None if its checksum does not match."""
    created, _, rest = text.partition(" ")
    gone = Gone(created, rest.partition(" ")[0])
    return gone if gone_text(draft, gone) == text else None


def writes_text(number: int, salt: str, meta: Mapping[str, object]) -> str:
    """Write the number of the last write with a seal over it and the counters; `salt` makes it differ in a branch."""
    return f"{number} {salt} {digest(WRITES, number, salt, *[str(meta.get(key, '')) for key in COUNTERS])}"


def sealed(meta: Mapping[str, object]) -> tuple[int, str] | None:
    """Return number and seal of the last write; (0, "") in a file of an earlier schema, None if the seal is wrong."""
    text = meta.get(WRITES, "")
    if text == "":
        return 0, ""
    number, _, rest = str(text).partition(" ")
    if not number.isdecimal() or len(number) > 15 or writes_text(int(number), rest.partition(" ")[0], meta) != text:
        return None
    return int(number), rest.partition(" ")[2]


def numbered(meta: Mapping[str, object], name: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of the rows of one name."""
    for key, value in meta.items():
        kind, _, number = str(key).partition(" ")
        if kind == name and number.isdecimal() and len(number) < 10 and isinstance(value, str):
            yield int(number), value
