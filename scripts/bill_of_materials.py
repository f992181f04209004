"""The bill of materials of this version (CycloneDX 1.6, JSON), on standard output: every package and file of others
that runs in production, each with version, hashes and address in its registry. Used by scripts/sbom.
"""

import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

CLONE = Path(__file__).resolve().parents[1]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main() -> str:
    """The document. Raises SystemExit when it does not follow the schema."""
    text = JsonV1Dot6(bill()).output_as_string(indent=2)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"The bill of materials does not follow its schema: {problem}")
    return text


def bill() -> Bom:
    """The product and everything that it takes from others."""
    setup = ConfigParser()
    setup.read(CLONE / "setup.cfg")
    made = Bom(components=[*packages(), *vendored()])
    made.metadata.component = Component(
        type=ComponentType.APPLICATION, name=setup["metadata"]["name"], version=setup["metadata"]["version"]
    )
    made.register_dependency(made.metadata.component, made.components)
    return made


def packages() -> Iterator[Component]:
    """The locked packages of a server. A package has one hash for each of its files."""
    for name, version, hashes in LOCKED.findall((CLONE / "scripts/requirements.txt").read_text("utf-8")):
        yield _component("pypi", name, version, HASH.findall(hashes))


def vendored() -> Iterator[Component]:
    """What the front end takes along: a folder each, with the hashes of its files."""
    sums = [line.split() for line in (CLONE / "static/vendor/SHA256SUMS").read_text("utf-8").splitlines()]
    for file in sorted((CLONE / "static/vendor").glob("*/VERSION")):
        name, version = file.read_text("utf-8").split()
        own = [content for content, path in sums if path.startswith(f"{file.parent.name}/")]
        yield _component("npm", name, version, own)


def _component(registry: str, name: str, version: str, hashes: list[str]) -> Component:
    address = PackageURL(registry, name=name, version=version)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        purl=address,
        bom_ref=address.to_string(),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content) for content in hashes],
    )


if __name__ == "__main__":
    print(main())
