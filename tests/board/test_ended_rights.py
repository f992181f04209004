"""A socket whose right has ended leaves its room, whatever its client sent before, and wherever the right was ended."""

from datetime import timedelta

import pytest

from ampera import audit, clock, db
from ampera.accounts import service
from ampera.accounts.models import ApiKey, Device, SignIn, Staff
from ampera.accounts.queries import IDLE, LONGEST
from ampera.live.pump import RECHECK
from ampera.realtime import socketio
from tests import builders
from tests.board import steps
from tests.services import wait_until

TRICKS = ("disconnect", "connect", "seen", "message", "leave", "")


def room_of(namespace: str) -> list[str]:
    """The sockets that the sending library would send to."""
    return [sid for sid, _ in socketio.server.manager.get_participants(namespace, None)]


@pytest.mark.parametrize("trick", TRICKS)
def test_signed_out_socket_leaves_the_room_whatever_was_sent_before(listen, sign_in, trick):
    officer, colleague = sign_in("officer"), sign_in("officer")
    socket, other = listen("/desk", officer), listen("/desk", colleague)
    socket.newest()
    socket.socket.emit(trick, namespace="/desk")
    assert socket.is_listening and len(room_of("/desk")) == 2
    officer.post("/logout")
    socket.wait_until_closed()
    wait_until(lambda: len(room_of("/desk")) == 1, "the socket still hears the room")
    assert other.is_listening


def test_a_client_cannot_call_the_admission_again(listen, sign_in, app):
    socket = listen("/desk", sign_in("desk"))
    tickets = dict(app.extensions["ampera.pump"].tickets)
    for trick in TRICKS:
        socket.socket.emit(trick, {"office": "PLG"}, namespace="/desk")
    assert app.extensions["ampera.pump"].tickets == tickets


def test_a_member_of_a_room_without_a_ticket_is_disconnected(listen, sign_in, app):
    socket = listen("/desk", sign_in("desk"))
    app.extensions["ampera.pump"].tickets.clear()
    socket.wait_until_closed()
    wait_until(lambda: not room_of("/desk"), "the socket still hears the room")


OFFICER = {"role": "officer", "office_id": 1}
ENDINGS = {
    "another role": (Staff, OFFICER, {"role": "admin"}),
    "another office": (Staff, OFFICER, {"office_id": 2}),
    "disabled": (Staff, OFFICER, {"is_active": False}),
    "ended sign-in": (SignIn, {}, {"ended_at": clock.now()}),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_right_that_another_process_ends_in_the_database_ends_the_socket(listen, sign_in, ending):
    """Nothing tells this process: it looks every second."""
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    model, where, values = ENDINGS[ending]
    socket = listen("/lane", sign_in("officer"), lane=1)
    socket.newest()
    builders.set_columns(model, where, **values)
    socket.wait_until_closed()


@pytest.mark.parametrize("age", [{"seen_at": IDLE}, {"created_at": LONGEST}])
def test_session_that_is_too_old_ends_the_socket(listen, sign_in, age):
    socket = listen("/lane", sign_in("officer"), lane=1)
    socket.newest()
    (column, longest), *_ = age.items()
    builders.set_columns(SignIn, {}, **{column: clock.now() - longest - timedelta(seconds=1)})
    socket.wait_until_closed()


def test_password_reset_ends_the_sockets_of_the_account(listen, sign_in):
    socket = listen("/lane", sign_in("officer"), lane=1)
    socket.newest()
    service.reset_password(audit.command(1), builders.staff("officer.plg").id, "invented-hash")
    socket.wait_until_closed()


def test_screen_revoked_in_the_database_is_disconnected(listen):
    socket = listen("/board", token=steps.display())
    socket.newest()
    builders.set_columns(Device, {}, revoked_at=clock.now())
    socket.wait_until_closed()


@pytest.mark.parametrize("values", [{"revoked_at": clock.now()}, {"role": "desk"}])
def test_key_changed_in_the_database_is_disconnected(listen, values):
    socket = listen("/board", token=builders.key("officer"), office="PLG")
    socket.newest()
    builders.set_columns(ApiKey, {}, **values)
    socket.wait_until_closed()


def test_rights_are_checked_more_often_than_every_two_seconds():
    assert RECHECK <= 1


def test_right_that_ends_while_the_socket_is_admitted_is_found(listen, sign_in, app):
    """The library does not disconnect a socket that is still connecting; the next check does."""
    socket = listen("/desk", sign_in("desk"))
    pump = app.extensions["ampera.pump"]
    with db.reading():
        pump.tickets.clear()
    pump.close_invalid()
    assert not socket.is_listening
