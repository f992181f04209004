"""Attacks on the sign-in with a directory: each one is refused, and no session begins."""

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from ampera import clock, db
from ampera.accounts import authentication
from ampera.accounts.authentication import Client
from ampera.accounts.directory import provider, service
from ampera.accounts.directory.service import directory_actor
from ampera.accounts.factors import challenges, proofs
from ampera.accounts.factors.models import Passkey
from ampera.accounts.factors.passkeys import Site
from ampera.accounts.models import SignIn, Staff
from tests import builders
from tests.accounts.directory_steps import (
    account_of,
    asked,
    come_back,
    enter,
    forge,
    history,
    is_inside,
    question,
    running,
    staff_of,
    times,
    use,
)
from tests.accounts.test_factors import count, post
from tests.accounts.test_sign_in import csrf_token, log_in
from tests.accounts.test_tablets import collect, confirm, request_code
from tests.conftest import on_both
from tests.directories import ADMIN, CLIENT, OFFICER, SECRET

pytestmark = pytest.mark.true_time
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "forger-1"})


def is_refused(browser, answer):
    return answer.status_code == 403 and "Direktori tidak memasukkan Anda" in answer.text and not is_inside(browser)


def asked_for_tokens(forger):
    return [form for path, form in forger.asked if path == "/token"]


def test_honest_token_is_accepted(app, forger):
    use(app, forger)
    browser, answer = forge(app, forger)
    assert answer.location == "/lane" and is_inside(browser)


def test_answer_of_another_browser_is_refused(app, forger):
    use(app, forger)
    mine, victim = app.test_client(), app.test_client()
    question(victim)
    assert is_refused(victim, come_back(victim, forger.answer(question(mine))))
    stranger = app.test_client()
    assert is_refused(stranger, come_back(stranger, forger.answer(question(mine))))
    assert not asked_for_tokens(forger), "the code is never used"


@on_both
def test_answer_works_once_even_with_a_copy_of_the_cookie(app, forger):
    use(app, forger)
    forger.repeats_codes = True
    browser, thief = app.test_client(), app.test_client()
    back = forger.answer(question(browser))
    thief.set_cookie("ampera", browser.get_cookie("ampera").value)
    assert come_back(browser, back).status_code == 302
    assert is_refused(thief, come_back(thief, back))
    assert len(asked_for_tokens(forger)) == 1
    again = come_back(browser, back)
    assert again.status_code == 403


@on_both
def test_of_eight_uses_of_one_nonce_at_once_one_counts(app):
    def use_up(_):
        with app.app_context():
            return service.spend(directory_actor(), "nonce", "x")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use_up, range(8))) == [False] * 7 + [True]


def test_attempt_ends_after_ten_minutes(app, forger):
    use(app, forger)
    browser = app.test_client()
    back = forger.answer(question(browser))
    with clock.shift(timedelta(minutes=11)):
        forger.claims = times()
        assert is_refused(browser, come_back(browser, back))
        assert forge(app, forger)[1].status_code == 302


def test_stolen_code_is_worthless_without_the_verifier(app, forger):
    """The state is the attacker's own, the code somebody else's: only the verifier tells them apart."""
    use(app, forger)
    victim, attacker = app.test_client(), app.test_client()
    stolen, own = forger.answer(question(victim)), question(attacker)
    nonce = asked(own)["nonce"]
    forger.claims = {"nonce": nonce}
    assert is_refused(attacker, come_back(attacker, forger.answer(own, code=asked(stolen)["code"])))
    assert asked_for_tokens(forger)[0]["code_verifier"]


@pytest.mark.parametrize("issuer", ["https://other.example", None, ""])
def test_answer_of_another_issuer_is_refused_before_the_code_is_used(app, forger, issuer):
    """Mix-up: the browser began here, and comes back from somebody else (RFC 9207)."""
    use(app, forger)
    assert is_refused(*forge(app, forger, iss=issuer))
    assert not asked_for_tokens(forger)


def test_directory_without_the_issuer_in_answers_is_accepted(app, forger):
    use(app, forger)
    forger.described = {"authorization_response_iss_parameter_supported": False}
    assert forge(app, forger, iss=None)[1].status_code == 302
    assert is_refused(*forge(app, forger, iss="https://other.example"))


NOW = int(time.time())
WRONG_CLAIMS = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://other.example"},
    "an issuer with a slash": {"iss": "SLASH"},
    "another client": {"aud": "other"},
    "another client for this party": {"aud": "other", "azp": CLIENT},
    "several clients without ours": {"aud": ["other", "third"], "azp": "other"},
    "several clients and no party": {"aud": [CLIENT, "other"]},
    "another party": {"azp": "other"},
    "no client": {"aud": None},
    "expired": {"exp": NOW - 120, "iat": NOW - 600},
    "no end": {"exp": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number as subject": {"sub": 7},
    "a long subject": {"sub": "x" * 256},
    "a subject with a control character": {"sub": "a\x00b"},
    "half a character as subject": {"sub": "\ud800"},
    "not yet": {"nbf": NOW + 3600},
    "made later": {"iat": NOW + 3600},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_token_with_wrong_claims_is_refused(app, forger, claims):
    use(app, forger)
    forger.claims = {name: f"{forger.issuer}/" if value == "SLASH" else value for name, value in claims.items()}
    before = count(SignIn)
    assert is_refused(*forge(app, forger))
    assert count(SignIn) == before


def test_token_for_several_clients_is_good_when_this_one_is_the_party(app, forger):
    use(app, forger)
    forger.claims = {"aud": [CLIENT, "other"], "azp": CLIENT}
    assert forge(app, forger)[1].status_code == 302


WRONG_SIGNATURES = {
    "none": lambda forger: ({"alg": "none"}, None),
    "the public key as a secret": lambda forger: ({"alg": "HS256"}, forger.key.as_pem(private=False)),
    "the secret of the client": lambda forger: ({"alg": "HS256"}, SECRET.encode()),
    "another key of the same name": lambda forger: ({"alg": "RS256"}, OTHER_KEY),
    "a key that is not listed": lambda forger: ({"alg": "RS256", "kid": "other"}, OTHER_KEY),
    "a key in the header": lambda forger: ({"jwk": OTHER_KEY.as_dict(private=False)}, OTHER_KEY),
    "an algorithm that is not allowed": lambda forger: ({"alg": "RS512"}, None),
    "a condition that nobody knows": lambda forger: ({"crit": ["x"], "x": 1}, None),
}  # fmt: skip


@pytest.mark.parametrize("signed_with", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_token_with_a_wrong_signature_is_refused(app, forger, signed_with):
    use(app, forger)
    forger.header, key = signed_with(forger)
    forger.signer = key or forger.key
    assert is_refused(*forge(app, forger))


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
def test_other_good_signatures_are_accepted(app, forger, algorithm):
    use(app, forger)
    if algorithm not in ("RS256", "PS256"):
        kind, curve = (ECKey, "P-256") if algorithm == "ES256" else (OKPKey, "Ed25519")
        forger.signer = kind.generate_key(curve, {"kid": "other"})
        forger.keys = [forger.key, forger.signer]
    forger.header = {"alg": algorithm, "kid": forger.signer.kid}
    assert forge(app, forger)[1].status_code == 302


def test_new_key_of_the_directory_is_asked_for_but_not_at_every_request(app, forger):
    use(app, forger)
    forge(app, forger)
    forger.header = {"kid": "forger-2"}
    assert is_refused(*forge(app, forger))
    fetched = [path for path, _ in forger.asked].count("/jwks")
    assert fetched == 1, "strangers cannot make the server ask all the time"
    known = provider.provider_of(app.extensions["ampera.settings"])
    known._keys = known._keys[0], known._keys[1] - 60
    forger.signer = RSAKey.generate_key(2048, {"kid": "forger-2"})
    forger.keys = [forger.key, forger.signer]
    assert forge(app, forger)[1].status_code == 302


WRONG_DESCRIPTIONS = {
    "another issuer": {"issuer": "https://other.example"},
    "an address without TLS": {"token_endpoint": "http://other.example/token"},
    "an address that is none": {"authorization_endpoint": "javascript:alert(1)"},
    "no keys": {"jwks_uri": None},
}


@pytest.mark.parametrize("described", WRONG_DESCRIPTIONS.values(), ids=WRONG_DESCRIPTIONS)
def test_wrong_description_is_no_directory(app, forger, described):
    use(app, forger)
    forger.described = described
    answer = app.test_client().get("/login/oidc")
    assert answer.status_code == 503 and "Direktori tidak menjawab" in answer.text


def test_endless_answer_is_cut_off(app, forger):
    use(app, forger)
    forger.described = {"more": "x" * (provider.MOST_ANSWER + 1)}
    assert app.test_client().get("/login/oidc").status_code == 503


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied", "?state=%00", "?code=" + "x" * 9000])
def test_nonsense_instead_of_an_answer_is_refused(app, forger, query):
    use(app, forger)
    browser = app.test_client()
    question(browser)
    assert is_refused(browser, browser.get(f"/login/oidc/callback{query}"))


def test_refusal_of_the_directory_is_a_sentence(app, forger):
    use(app, forger)
    assert is_refused(*forge(app, forger, error="access_denied", code=None))
    browser, answer = forge(app, forger, error="temporarily_unavailable", code=None)
    assert answer.status_code == 503 and not is_inside(browser)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_way_back_stays_on_this_site(app, forger, target):
    use(app, forger)
    browser = app.test_client()
    assert come_back(browser, forger.answer(question(browser, f"?next={target}"))).location == "/lane"


def test_same_login_or_mail_address_takes_over_no_account(app, directory):
    use(app, directory)
    local = builders.staff("admin.plg")
    person = directory.person("admin.plg", OFFICER, email="admin.plg", email_verified=True)
    browser, _ = enter(app, directory, person)
    assert staff_of("admin.plg2").role == "officer" and browser.get("/admin/accounts").status_code == 403
    assert builders.staff("admin.plg").password_hash == local.password_hash
    assert log_in(app.test_client(), "admin.plg").status_code == 302


def test_same_subject_of_another_issuer_is_another_person(app, forger, directory):
    use(app, forger)
    forge(app, forger)
    use(app, directory)
    enter(app, directory, directory.person("lain", OFFICER, subject="sub-forged"))
    assert account_of("palsu").subject == account_of("lain").subject == "sub-forged"
    assert account_of("palsu").staff_id != account_of("lain").staff_id


@pytest.mark.parametrize("groups", [[], ["lain"], "lain", None, [7, None], {"loket": True}])
def test_person_without_a_mapped_group_is_refused_and_gets_no_account(app, forger, groups):
    use(app, forger)
    forger.claims = {"groups": groups}
    browser, answer = forge(app, forger)
    assert answer.status_code == 403 and "tidak punya hak di sini" in answer.text and not is_inside(browser)
    assert staff_of("palsu") is None
    assert [json.loads(entry.details)["why"] for entry in history("staff.directory_refused")] == ["directory_no_right"]


def test_person_of_several_offices_is_refused(app, directory):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    use(app, directory)
    browser, answer = enter(app, directory, directory.person("dua", OFFICER, "jakarta"))
    assert answer.status_code == 403 and "beberapa kantor" in answer.text and not is_inside(browser)


def test_person_who_has_lost_the_group_is_out_with_the_next_sign_in(app, directory):
    use(app, directory)
    subject = directory.person("bekas", OFFICER)
    browser, _ = enter(app, directory, subject)
    directory.person("bekas", "lain", subject=subject)
    assert enter(app, directory, subject)[1].status_code == 403
    assert not is_inside(browser) and running("bekas") == []


def test_account_that_is_disabled_here_stays_out(app, directory, sign_in):
    use(app, directory)
    subject = directory.person("nonaktif", OFFICER)
    enter(app, directory, subject)
    sign_in("admin").post(f"/admin/accounts/{staff_of('nonaktif').id}/disable")
    browser, answer = enter(app, directory, subject)
    assert answer.status_code == 403 and "dinonaktifkan di sini" in answer.text and not is_inside(browser)


@pytest.mark.parametrize("password", ["", "x", "sandi-contoh-12345", "$argon2id$", " "])
def test_account_of_a_directory_signs_in_with_no_password(app, directory, password):
    use(app, directory)
    browser, _ = enter(app, directory, directory.person("tanpa.sandi", OFFICER))
    answer = log_in(app.test_client(), "tanpa.sandi", password)
    assert answer.status_code == 401 and "tidak cocok" in answer.text
    assert authentication.vouch("tanpa.sandi", password, "", Client()).code == "wrong_password"
    old = {"old": password, "new": "kuda besi pagar biru", "again": "kuda besi pagar biru"}
    assert post(browser, "/account/password", **old).status_code == 401
    assert staff_of("tanpa.sandi").password_hash == ""


def test_password_of_nobody_opens_no_account_of_a_directory(app, directory, monkeypatch):
    """What is compared with is the hash of a lost password. It would open nothing even if somebody found it."""
    use(app, directory)
    enter(app, directory, directory.person("tanpa.hash", OFFICER))
    monkeypatch.setattr("ampera.accounts.passwords.NOBODY", builders.staff("officer.plg").password_hash)
    assert log_in(app.test_client(), "tanpa.hash", builders.PASSWORD).status_code == 401


def test_passkey_alone_opens_no_account_of_a_directory(app, directory):
    """A leaver keeps the passkey. After the directory it is a good second step."""
    use(app, directory)
    subject = directory.person("berkunci", OFFICER)
    enter(app, directory, subject)
    key = ECKey.generate_key("P-256")
    add_passkey(staff_of("berkunci").id, key)
    alone = app.test_client()
    assert send_passkey(app, alone, key).status_code == 422 and not is_inside(alone)
    browser, answer = enter(app, directory, subject)
    assert answer.location == "/login/factor"
    assert send_passkey(app, browser, key).status_code == 200 and is_inside(browser)


def add_passkey(staff_id, key):
    """A passkey whose private key the test has."""
    import cbor2

    numbers = key.as_dict(private=False)
    cose = {1: 2, 3: -7, -1: 1, -2: from_base64(numbers["x"]), -3: from_base64(numbers["y"])}

    def add(unit):
        staff = unit.session.get_one(Staff, staff_id)
        staff.has_factor = True
        unit.session.add(
            Passkey(
                staff_id=staff_id,
                credential_id="a2V5",
                public_key=to_base64(cbor2.dumps(cose)),
                sign_count=0,
                name="Uji",
                made_at=unit.at,
            )
        )

    db.current().write(add)


def send_passkey(app, browser, key):
    """The answer of this passkey to a new challenge, with its user verified."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    site = Site("http://localhost", "localhost")
    challenge = challenges.new_challenge(app.extensions["ampera.settings"].secret_key, proofs.SIGN_IN, clock.now())
    client = json.dumps({"type": "webauthn.get", "challenge": to_base64(challenge), "origin": site.origin}).encode()
    device = hashlib.sha256(site.host.encode()).digest() + bytes([5]) + (1).to_bytes(4, "big")
    signature = key.private_key.sign(device + hashlib.sha256(client).digest(), ECDSA(hashes.SHA256()))
    response = {
        "clientDataJSON": to_base64(client), "authenticatorData": to_base64(device), "signature": to_base64(signature),
    }  # fmt: skip
    body = {"id": "a2V5", "rawId": "a2V5", "type": "public-key", "response": response}
    return browser.post("/login/passkey", json=body, headers={"X-CSRFToken": csrf_token(browser)})


def to_base64(content):
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(content)


def from_base64(text):
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(text)


def test_fresh_proof_needs_the_same_person_and_a_new_sign_in(app, forger):
    use(app, forger)
    forger.claims = {"groups": [ADMIN]}
    browser, _ = forge(app, forger)
    for claims, sentence in (
        ({"sub": "sub-other"}, "memasukkan orang lain"),
        ({"auth_time": NOW - 3600}, "tidak memasukkan"),
        ({"auth_time": None}, "tidak memasukkan"),
    ):
        forger.claims = {"groups": [ADMIN], **claims}
        answer = come_back(browser, forger.answer(question(browser, "?prove=1&next=/admin/accounts")))
        assert answer.status_code == 403 and sentence in answer.text, claims
    assert is_inside(browser)


def test_tablet_never_signs_in_the_person_of_before(app, forger):
    """The browser is still signed in at the directory: there the person must sign in again, and the token says so."""
    use(app, forger)
    tablet, admin = app.test_client(), app.test_client()
    log_in(admin, "admin.plg")
    collect(tablet, confirm(admin, request_code(tablet)))
    asks = question(tablet)
    assert asked(asks)["prompt"] == "login" and asked(asks)["max_age"] == "0"
    for claims in ({"auth_time": NOW - 3600}, {"auth_time": None}):
        forger.claims = claims
        assert is_refused(tablet, come_back(tablet, forger.answer(question(tablet))))
    forger.claims = {}
    assert come_back(tablet, forger.answer(question(tablet))).location.startswith("/lane")
    other = question(tablet, "?next=/lane")
    assert asked(other)["prompt"] == "login", "somebody else takes over"
    assert "prompt" not in asked(question(app.test_client()))


def test_colleague_at_an_open_session_of_a_directory_makes_no_pin_or_factor(app, forger):
    """There is no password to ask for: only a sign-in at the directory just now counts."""
    use(app, forger)
    browser, _ = forge(app, forger)
    with clock.shift(timedelta(minutes=3)):
        pin = {"pin": "493817", "again": "493817", "password": ""}
        assert post(browser, "/login/pin", **pin).status_code == 403
        refused = post(browser, "/account/factors/app", password="")
        assert refused.status_code == 403 and "dibuktikan lagi" in refused.text
