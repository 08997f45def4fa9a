"""Downloads a source distribution without running anything of it.

`pip download` would run its setup.py to learn its dependencies. So pip's own parts are used to find and fetch the
archive: they obey the index, proxy and certificates set for pip.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pip._internal.commands import create_command
from pip._internal.commands.download import DownloadCommand
from pip._internal.exceptions import PipError
from pip._internal.network.utils import HEADERS
from pip._vendor.packaging.specifiers import SpecifierSet
from pip._vendor.requests.exceptions import RequestException

from bootstrap.process import Stop


def sha256(content: bytes) -> str:
    """Return the SHA-256 digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def source_archive(name: str, version: str, digest: str, target: Path) -> bytes:
    """Return the archive `name-version` with this SHA-256 from the file `target`, after fetching it if needed."""
    if not target.is_file() or sha256(target.read_bytes()) != digest:
        content = fetched(name, version)
        if (found := sha256(content)) != digest:
            raise Stop(f"{name} {version} 的内容与记录的不符：SHA-256 应为 {digest}，实为 {found}；不使用它")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return target.read_bytes()


def fetched(name: str, version: str) -> bytes:
    """Return the source archive of a package as the package index offers it."""
    command = create_command("download")
    assert isinstance(command, DownloadCommand)
    options, _ = command.parse_args(["--no-binary=:all:", "--quiet", name])
    try:
        with command.main_context():
            session = command.get_default_session(options)
            finder = command._build_package_finder(options, session)  # noqa: SLF001 (pip has no public interface)
            found = finder.find_best_candidate(name, SpecifierSet(f"=={version}")).best_candidate
            if found is None:
                raise Stop(f"软件包索引中没有 {name} {version} 的源码包，请换一个索引后再试")
            answer = session.get(found.link.url_without_fragment, headers=HEADERS)
            answer.raise_for_status()
            return bytes(answer.content)
    except (PipError, RequestException) as error:
        raise Stop(f"下载 {name} {version} 失败（{error}），请检查网络后再次执行同一命令") from error
