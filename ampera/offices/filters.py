"""Jinja filters for kinds of documents, in the reader's language. `options` are those of the office."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale

from ampera.offices import document_labels


def kind_name(kind: str, options: dict[str, Any]) -> str:
    """The title of one document of this kind: `Paspor`."""
    return document_labels.name(options, kind, str(get_locale()))


def documents(kinds: Iterable[str], options: dict[str, Any]) -> str:
    """Several documents: `2 paspor dan 1 izin tinggal`."""
    return document_labels.words(options, kinds, str(get_locale()))


def bring_besides(kinds: Iterable[str], options: dict[str, Any]) -> list[str]:
    """What an applicant brings in addition for these kinds, each line once."""
    return document_labels.extras(options, kinds, str(get_locale()))


def kind_texts(options: dict[str, Any]) -> dict[str, str]:
    """The titles of all kinds, as texts for scripts (static/js/lib/kind-label.js)."""
    return {f"kind_{kind}": kind_name(kind, options) for kind in document_labels.kinds_of(options)}


FILTERS = {
    "kind_name": kind_name,
    "documents": documents,
    "bring_besides": bring_besides,
    "kind_texts": kind_texts,
}
