"""The outbox's loops: one turns notices into deliveries, one of each channel sends, one message at a time.

Nothing personal is logged or counted: a channel, what came of a try, and the reason of a failure.
"""

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ampera import clock, db, events, tasks
from ampera.monitoring import metrics
from ampera.notices.admin.queries import waiting_everywhere
from ampera.notices.channels import registry
from ampera.notices.channels.base import Channel, Failed, Message, Sent
from ampera.notices.content import compose
from ampera.notices.delivery import fan_out, leases, schedule
from ampera.notices.delivery.outcomes import DROPPED, PASSED, SENT, UNWRITABLE, WAITING, Ended
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery
from ampera.settings import Settings

OUTBOX = "outbox"
REST = 5.0
IDLE_SECONDS = 10.0  # without a message a connection is not kept longer
TRY_SECONDS = 30.0  # bounds whatever a channel does; the lease is longer
CLAIM_SECONDS = 15.0  # a claim this old is not begun any more: TRY_SECONDS must fit into what is left of its lease
LONG_GAP = 5.0  # seconds between two messages of a slow channel in which nothing stays claimed
GAP_SECONDS = 0.012  # between the beginnings of two messages of a channel without a rate: the lane goes first
COUNT_SECONDS = 15.0
CLEAR_SECONDS = 3600.0
OUTCOMES = {WAITING: "again", None: "lost"}  # as /metrics and the log name a state

log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """What a channel needs for one try."""

    address: str
    key: str
    message: Message


class Expander:
    """Turns due notices into deliveries, gives back what a dead server had claimed, and counts what waits."""

    def __init__(self, ways: Mapping[str, str]) -> None:
        self.ways = ways
        self.removed = [name for name in registry.NAMES if name not in ways]
        self.count_at = self.clear_at = 0.0

    def step(self) -> float:
        """One small batch. Without any channel notices wait, and cost nothing but a count now and then."""
        self._look_after(time.monotonic())
        if not self.ways:
            return COUNT_SECONDS
        with db.reading() as session:
            offices = fan_out.reachable(session, self.ways)
            is_due = bool(offices) and fan_out.is_any_due(session, offices)
            is_lost = leases.is_any_lost(session, list(self.ways))
            is_removed = leases.is_any_removed(session, self.removed)
        if is_lost:
            leases.give_back_lost(list(self.ways))
        if is_removed:
            leases.pass_on_removed(self.removed, self.ways)
        if is_due:
            fan_out.expand(offices, self.ways)
        if is_due or is_lost or is_removed:
            tasks.wake(*self.ways)
        return 0.0 if is_due or is_removed else REST

    def _look_after(self, now: float) -> None:
        if now >= self.count_at:
            self.count_at = now + COUNT_SECONDS
            with db.reading() as session:
                metrics.NOTICES_WAITING.set(waiting_everywhere(session))
        if now >= self.clear_at:
            with db.reading() as session:
                is_stale = fan_out.is_any_stale(session)
            if not is_stale:
                self.clear_at = now + CLEAR_SECONDS
            else:
                fan_out.expire()


class Sender:
    """The loop of one channel: it claims, sends, and writes what came of it together with the next claim."""

    def __init__(self, channel: Channel, ways: Mapping[str, str], settings: Settings) -> None:
        self.channel, self.ways, self.settings = channel, ways, settings
        self.me = f"{channel.name}:{os.getpid()}:{secrets.token_hex(4)}"
        self.claimed: int | None = None
        self.claimed_at = 0.0
        self.ended: Ended | None = None
        self.failures = 0  # in a row, of the channel as a whole
        self.not_before = 0.0  # its rate, or a pause because it is down
        self.used_at = 0.0

    def step(self) -> float:
        """One message, or the seconds until there may be one."""
        if self.ended is not None:  # it could not be written the last time
            self._take_turn()
        if (wait := self.not_before - time.monotonic()) > 0:
            return wait
        if self.claimed is None:
            if (rest := self._seconds_until_due()) > 0:
                return self._rest(rest)
            self._take_turn()
        if self.claimed is None:
            return REST
        if time.monotonic() - self.claimed_at > CLAIM_SECONDS:
            self.claimed = None  # whoever finds its lease over sends it
            return 0.0
        self.ended = self._try(self.claimed)
        self._take_turn()
        return 0.0

    def _seconds_until_due(self) -> float:
        with db.reading() as session:
            due_at = leases.next_due(session, self.channel.name)
        return REST if due_at is None else clock.true_seconds((due_at - clock.now()).total_seconds())

    def _rest(self, seconds: float) -> float:
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.channel.close()
        return min(seconds, REST)

    def _take_turn(self) -> None:
        """End what was tried and claim the next, unless the channel pauses. When it fails, the step fails with it."""
        began = time.monotonic()
        has_pause = self.not_before - began > LONG_GAP or self.failures > 0
        is_more_wanted = (self.ended is None or not has_pause) and not tasks.is_stopping()
        turn = leases.take_turn(self.me, self.channel.name, self.ways, self.ended, is_more_wanted)
        if self.ended is not None:
            self._tell(self.ended, turn.ended)
        self.ended, self.claimed, self.claimed_at = None, turn.claimed, began

    def _tell(self, ended: Ended, state: str | None) -> None:
        outcome = OUTCOMES.get(state, str(state))
        metrics.DELIVERIES.labels(self.channel.name, outcome).inc()
        if ended.reason:
            log.warning("a message did not go", channel=self.channel.name, outcome=outcome, reason=ended.reason)
        if state == PASSED:
            tasks.wake(*self.ways)

    def _try(self, delivery_id: int) -> Ended:
        try:
            letter = db.read_in_thread(_letter, self.settings, delivery_id)
        except SQLAlchemyError:
            raise
        except Exception as error:  # a mistake in the text of a message: no channel can send it
            log.error("a message cannot be written", channel=self.channel.name, exc_info=error)
            return Ended(delivery_id, reason=UNWRITABLE, is_hopeless=True)
        if letter is None:
            return Ended(delivery_id, DROPPED)
        began = time.monotonic()
        outcome = self._send(letter)
        self._learn(outcome, began)
        if isinstance(outcome, Sent):
            return Ended(delivery_id, SENT, provider_id=outcome.provider_id)
        return Ended(delivery_id, reason=outcome.reason, is_permanent=outcome.is_permanent)

    def _send(self, letter: Letter) -> Sent | Failed:
        try:
            return tasks.within(TRY_SECONDS, partial(self.channel.send, letter.address, letter.message, letter.key))
        except Exception as error:  # a channel that breaks must not end the loop, nor lose the message
            self.channel.close()
            if not isinstance(error, TimeoutError):
                log.error("a channel failed", channel=self.channel.name, exc_info=error)
            return Failed("timeout" if isinstance(error, TimeoutError) else type(error).__name__, is_down=True)

    def _learn(self, outcome: Sent | Failed, began: float) -> None:
        """How long the channel rests now: as its rate wants, or longer and longer while it is down."""
        self.used_at = time.monotonic()
        is_down = isinstance(outcome, Failed) and outcome.is_down
        self.failures = self.failures + 1 if is_down else 0
        gap = 1 / self.channel.rate if self.channel.rate else GAP_SECONDS
        self.not_before = self.used_at + schedule.pause_after(self.failures) if is_down else began + gap


def _letter(session: Session, settings: Settings, delivery_id: int) -> Letter | None:
    """None when it is no longer true."""
    delivery = session.get_one(Delivery, delivery_id)
    message = compose.compose(session, settings, delivery)
    return Letter(delivery.address, delivery.once, message) if message else None


def _expander(settings: Settings) -> tasks.Step:
    return Expander(registry.ways(settings)).step


def _sender(name: str, settings: Settings) -> tasks.Step | None:
    channel = registry.channel(settings, name)
    return Sender(channel, registry.ways(settings), settings).step if channel else None


@events.after(NoticesWritten)
def wake(_written: NoticesWritten) -> None:
    """A message leaves within a second of what caused it."""
    tasks.wake(OUTBOX, *registry.NAMES)


tasks.worker(OUTBOX, _expander)
for _name in registry.NAMES:
    tasks.worker(_name, partial(_sender, _name))
