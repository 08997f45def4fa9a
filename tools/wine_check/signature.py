"""Verifies who signed a Windows program (Authenticode), with osslsigncode and the certificates of the system."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PYTHON = "Python Software Foundation"
MICROSOFT = "Microsoft Windows Software Compatibility Publisher"
# Microsoft's own root certificate is not among Debian's, so that only the digest of its two files can be compared.
WITHOUT_CHAIN = {"vcruntime140.dll", "vcruntime140_1.dll"}


@dataclass(frozen=True)
class Signature:
    """First signature of a program as osslsigncode reports it.

    `intact`: the digest in the signature is that of the file. `chained`: the certificates lead to one that the system
    trusts, at the time of the signature, which is certified, too.
    """

    signer: str
    intact: bool
    chained: bool

    def trouble(self, name: str) -> str:
        """Return what is wrong with the signature of the file `name`; "" if nothing is."""
        wanted = MICROSOFT if name in WITHOUT_CHAIN else PYTHON
        if not self.intact:
            return "内容与签名不符"
        if self.signer != wanted:
            return f"签名者是“{self.signer}”，应为“{wanted}”"
        return "" if self.chained or name in WITHOUT_CHAIN else "证书没有得到系统信任的根证书认可"


def parsed(report: str) -> Signature:
    """Read the first signature in the output of `osslsigncode verify`."""
    first = report.partition("Signature Index: 1")[0]
    digests = re.findall(r"^(?:Current|Calculated) message digest\s*: *([0-9A-F]+)", first, re.MULTILINE)
    signer = re.search(r"Signer #0:\s+Subject: .*?/CN=([^/\n]+)", first)
    return Signature(
        signer=signer[1].strip() if signer else "",
        intact=len(digests) == 2 and digests[0] == digests[1],
        chained=len(re.findall(r"^(?:Timestamp Server )?Signature verification: ok", first, re.MULTILINE)) == 2,
    )


def of(file: Path) -> Signature:
    """Return the signature of a program."""
    words = ["osslsigncode", "verify", *without_network(), "-in", str(file)]
    words += ["-CAfile", str(CERTIFICATES), "-TSA-CAfile", str(CERTIFICATES)]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
    return parsed(done.stdout)


def without_network() -> list[str]:
    """Return the option that newer versions need in order not to ask for revocation lists over the network."""
    said = subprocess.run(["osslsigncode", "verify", "--help"], capture_output=True, text=True, check=False)
    return ["-ignore-crl"] if "-ignore-crl" in said.stdout + said.stderr else []
