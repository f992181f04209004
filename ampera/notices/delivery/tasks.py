"""The workers of the outbox: one fans notices out into deliveries, and one per channel sends message by message.

Logs and metrics contain the channel, the outcome and the reason of a failure, and nothing personal.
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
from ampera.notices.channels import registry
from ampera.notices.channels.base import Channel, Failed, Message, Sent
from ampera.notices.content import compose
from ampera.notices.delivery import fan_out_service, lease_service, schedule
from ampera.notices.delivery.outcome_service import DROPPED, PASSED, SENT, UNWRITABLE, WAITING, AttemptResult
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery
from ampera.notices.queries import waiting_everywhere
from ampera.settings import Settings

OUTBOX = "outbox"
REST = 5.0
IDLE_SECONDS = 10.0  # a connection without messages is closed after this time
TRY_SECONDS = 30.0  # limit of one try; shorter than the lease
CLAIM_SECONDS = 15.0  # an older claim is abandoned, because TRY_SECONDS must fit into the rest of its lease
LONG_GAP = 5.0  # in a pause longer than this no delivery stays claimed
GAP_SECONDS = 0.012  # between two messages of a channel without a rate: requests of the lane have priority
COUNT_SECONDS = 15.0
EXPIRE_SECONDS = 3600.0
OUTCOMES = {WAITING: "again", None: "lost"}  # the names of these states in /metrics and the log

log = structlog.get_logger()


@dataclass(frozen=True)
class OutgoingMessage:
    """The arguments of `Channel.send` for one try."""

    address: str
    key: str
    message: Message


class FanOutWorker:
    """Fans out due notices, releases expired leases, and counts waiting notices."""

    def __init__(self, available: Mapping[str, str]) -> None:
        self.available = available
        self.removed = [name for name in registry.NAMES if name not in available]
        self.count_at = self.expire_at = 0.0

    def step(self) -> float:
        """Fan out one small batch; returns the seconds until the next step. Without a channel notices wait."""
        if tasks.is_stopping():
            return 0.0
        self._maintain(time.monotonic())
        if not self.available:
            return COUNT_SECONDS
        with db.reading() as session:
            offices = fan_out_service.reachable(session, self.available)
            is_due = bool(offices) and fan_out_service.is_any_due(session, offices)
            has_expired_lease = lease_service.is_any_expired(session, list(self.available))
            has_removed_channel = lease_service.is_any_removed(session, self.removed)
        if has_expired_lease:
            lease_service.release_expired(list(self.available))
        if has_removed_channel:
            lease_service.fail_over_removed(self.removed, self.available)
        if is_due:
            fan_out_service.fan_out(offices, self.available)
        if is_due or has_expired_lease or has_removed_channel:
            tasks.wake(*self.available)
        return 0.0 if is_due or has_removed_channel else REST

    def _maintain(self, now: float) -> None:
        if now >= self.count_at:
            self.count_at = now + COUNT_SECONDS
            with db.reading() as session:
                metrics.NOTICES_WAITING.set(waiting_everywhere(session))
        if now >= self.expire_at:
            with db.reading() as session:
                is_stale = fan_out_service.is_any_stale(session)
            if not is_stale:
                self.expire_at = now + EXPIRE_SECONDS
            else:
                fan_out_service.expire()


class ChannelWorker:
    """Sends the deliveries of one channel. The result of a try and the next claim are one transaction."""

    def __init__(self, channel: Channel, available: Mapping[str, str], settings: Settings) -> None:
        self.channel, self.available, self.settings = channel, available, settings
        self.worker_id = f"{channel.name}:{os.getpid()}:{secrets.token_hex(4)}"
        self.claimed: int | None = None
        self.claimed_at = 0.0
        self.result: AttemptResult | None = None
        self.failures = 0  # consecutive failures of the channel as a whole
        self.not_before = 0.0  # because of the rate, or of a pause while the channel is down
        self.used_at = 0.0

    def step(self) -> float:
        """Send at most one message; returns the seconds until the next step."""
        if self.result is not None:  # the last step could not write the result
            self._finish_and_claim()
        if tasks.is_stopping():
            return self._release()
        if (wait := self.not_before - time.monotonic()) > 0:
            return wait
        if self.claimed is None:
            if (rest := self._seconds_until_due()) > 0:
                return self._rest(rest)
            self._finish_and_claim()
        if self.claimed is None:
            return REST
        if time.monotonic() - self.claimed_at > CLAIM_SECONDS:
            self.claimed = None  # another worker sends the delivery when its lease has expired
            return 0.0
        self.result = self._try(self.claimed)
        self._finish_and_claim()
        return 0.0

    def _release(self) -> float:
        """Give the claim back at a stop, so that a restarted server need not wait until the lease expires."""
        if self.claimed is not None:
            lease_service.release(self.worker_id)
            self.claimed = None
        return 0.0

    def _seconds_until_due(self) -> float:
        with db.reading() as session:
            due_at = lease_service.next_due(session, self.channel.name)
        return REST if due_at is None else clock.true_seconds((due_at - clock.now()).total_seconds())

    def _rest(self, seconds: float) -> float:
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.channel.close()
        return min(seconds, REST)

    def _finish_and_claim(self) -> None:
        """Write the result of the last try and claim the next delivery, unless the channel pauses."""
        began = time.monotonic()
        has_pause = self.not_before - began > LONG_GAP or self.failures > 0
        is_more_wanted = (self.result is None or not has_pause) and not tasks.is_stopping()
        claim = lease_service.finish_and_claim(
            self.worker_id, self.channel.name, self.available, self.result, is_more_wanted
        )
        if self.result is not None:
            self._report(self.result, claim.finished)
        self.result, self.claimed, self.claimed_at = None, claim.delivery_id, began

    def _report(self, result: AttemptResult, state: str | None) -> None:
        outcome = OUTCOMES.get(state, str(state))
        metrics.DELIVERIES.labels(self.channel.name, outcome).inc()
        if result.reason:
            log.warning("message not sent", channel=self.channel.name, outcome=outcome, reason=result.reason)
        if state == PASSED:
            tasks.wake(*self.available)

    def _try(self, delivery_id: int) -> AttemptResult:
        try:
            outgoing = db.read_in_thread(_outgoing, self.settings, delivery_id)
        except SQLAlchemyError:
            raise
        except Exception as error:  # a wrong text: no channel can send the message
            log.error("message cannot be composed", channel=self.channel.name, exc_info=error)
            return AttemptResult(delivery_id, reason=UNWRITABLE, is_hopeless=True)
        if outgoing is None:
            return AttemptResult(delivery_id, DROPPED)
        began = time.monotonic()
        outcome = self._send(outgoing)
        self._update_pause(outcome, began)
        if isinstance(outcome, Sent):
            return AttemptResult(delivery_id, SENT, provider_id=outcome.provider_id)
        return AttemptResult(delivery_id, reason=outcome.reason, is_permanent=outcome.is_permanent)

    def _send(self, outgoing: OutgoingMessage) -> Sent | Failed:
        try:
            send = partial(self.channel.send, outgoing.address, outgoing.message, outgoing.key)
            return tasks.within(TRY_SECONDS, send)
        except Exception as error:  # a broken channel must neither stop the worker nor lose the message
            self.channel.close()
            if not isinstance(error, TimeoutError):
                log.error("channel failed", channel=self.channel.name, exc_info=error)
            return Failed("timeout" if isinstance(error, TimeoutError) else type(error).__name__, is_down=True)

    def _update_pause(self, outcome: Sent | Failed, began: float) -> None:
        """Pause for the channel's rate, or for a growing time while the channel is down."""
        self.used_at = time.monotonic()
        is_down = isinstance(outcome, Failed) and outcome.is_down
        self.failures = self.failures + 1 if is_down else 0
        gap = 1 / self.channel.rate if self.channel.rate else GAP_SECONDS
        self.not_before = self.used_at + schedule.pause_after(self.failures) if is_down else began + gap


def _outgoing(session: Session, settings: Settings, delivery_id: int) -> OutgoingMessage | None:
    """None when the notice is no longer true."""
    delivery = session.get_one(Delivery, delivery_id)
    message = compose.compose(session, settings, delivery)
    return OutgoingMessage(delivery.address, delivery.once, message) if message else None


def _fan_out_worker(settings: Settings) -> tasks.Step:
    return FanOutWorker(registry.available(settings)).step


def _channel_worker(name: str, settings: Settings) -> tasks.Step | None:
    channel = registry.channel(settings, name)
    return ChannelWorker(channel, registry.available(settings), settings).step if channel else None


@events.after(NoticesWritten)
def wake(_written: NoticesWritten) -> None:
    """Wake the workers, so that a message leaves within a second after its cause."""
    tasks.wake(OUTBOX, *registry.NAMES)


tasks.worker(OUTBOX, _fan_out_worker)
for _name in registry.NAMES:
    tasks.worker(_name, partial(_channel_worker, _name))
