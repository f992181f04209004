"""The sockets of the board's tests."""

from tests.board.conftest import listen as listen
