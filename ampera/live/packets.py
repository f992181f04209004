"""What a client may send over a socket, decided on the text alone, before anything of it is parsed or started.

A client connects to a namespace, leaves it, answers pings, and reports the revision that its screen shows.
"""

import re
from enum import Enum

EVENTS = frozenset({"seen"})
LONGEST = 4_000  # characters; the longest honest packet is a `connect` with a token
DEEPEST = 8  # brackets of one packet; each level of JSON costs a level of Python's stack
MOST_IN_A_POST = 16
SEPARATOR = "\x1e"
CONNECT_COST = 5.0  # tokens: a connect reads the database

# Engine.IO: a probe, its confirmation, a pong, the end, nothing.
TRANSPORT = frozenset({"1", "2probe", "3", "5", "6"})
MESSAGE = re.compile(r"4(?P<kind>[012])(?:(?P<namespace>/[a-z]*),?)?(?P<id>\d{1,9})?(?P<content>[\[{].*)?", re.ASCII)
EVENT = re.compile(r'\["(?P<name>[a-z]{1,20})"(?:,-?\d{1,15})?\]', re.ASCII)


class Passage(Enum):
    TAKE = "take"
    DROP = "drop"  # well-formed, but nobody listens to it
    CLOSE = "close"  # no client of this product sends that


def judge(packet: object, namespaces: frozenset[str]) -> Passage:
    """`packet` is what one message of a websocket held: text, or bytes."""
    if not isinstance(packet, str) or len(packet) > LONGEST:
        return Passage.CLOSE
    if packet in TRANSPORT:
        return Passage.TAKE
    message = MESSAGE.fullmatch(packet)
    if message is None or packet.count("[") + packet.count("{") > DEEPEST:
        return Passage.CLOSE
    kind, namespace, content = message["kind"], message["namespace"] or "/", message["content"] or ""
    if kind == "2":
        return _judge_event(namespace, content, namespaces)
    is_whole = content.startswith("{") or not content if kind == "0" else not content
    return Passage.TAKE if is_whole and not message["id"] else Passage.CLOSE


def cost(packet: str) -> float:
    """Tokens that this packet takes from the bucket of its socket."""
    return CONNECT_COST if packet.startswith("40") else 1.0


def _judge_event(namespace: str, content: str, namespaces: frozenset[str]) -> Passage:
    event = EVENT.fullmatch(content)
    if event is None or event["name"] not in EVENTS or namespace not in namespaces:
        return Passage.DROP
    return Passage.TAKE
