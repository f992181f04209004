"""Programs with a limited key: they listen with the scope of live news, and only while their key works."""

import pytest

from ampera import audit
from ampera.accounts.keys import service
from ampera.accounts.keys.limits import Wish
from ampera.security import new_token, token_hash
from tests import builders


def made(**limits) -> tuple[int, str]:
    token = new_token("key")
    owner = builders.staff("officer.plg").id
    return service.create(audit.command(1), owner, Wish("officer", "uji", **limits), token_hash(token)).id, token


@pytest.mark.parametrize(("scope", "is_admitted"), [("live:read", True), ("board:read", False)])
def test_limited_key_listens_with_the_scope_of_live_news_only(listen, scope, is_admitted):
    _, token = made(scopes=(scope,))
    assert listen("/board", token=token, office="PLG").is_listening == is_admitted


def test_replacing_without_an_overlap_ends_the_socket_of_the_old_key(listen):
    key_id, token = made()
    socket = listen("/board", token=token, office="PLG")
    socket.newest()
    service.rotate(audit.command(1), key_id, "h", 0)
    socket.wait_until_closed()
