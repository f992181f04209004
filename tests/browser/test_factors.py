"""Second factors in a real browser: an authenticator app, and passkeys with Chromium's virtual authenticator."""

from collections.abc import Iterator
from typing import Any

import httpx
import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from ampera import db
from ampera.accounts.factors import passkeys
from ampera.accounts.factors.queries import passkey_named
from tests.browser.demo_office import DemoOffice
from tests.browser.steps import PHONE, TABLET, violations


@pytest.fixture
def page(demo_office: DemoOffice) -> Iterator[Page]:
    """A browser of its own, at a name: a browser offers no passkeys at a bare number."""
    address = demo_office.server.url.replace("127.0.0.1", "localhost")
    context = demo_office.browser.new_context(base_url=address, viewport=TABLET, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """A virtual authenticator that checks its owner, such as a phone with a fingerprint."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def type_password(page: Page, account: dict[str, str]) -> None:
    if "/login" not in page.url:
        page.goto("/login")
    page.get_by_label("Nama masuk").fill(account["login"])
    page.get_by_label("Kata sandi").fill(account["password"])
    page.get_by_role("button", name="Masuk", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", name="Masuk petugas")).to_be_visible()


def test_passkey_is_added_and_signs_in_after_a_password_and_alone(demo_office, page):
    account = demo_office.demo.accounts["supervisor"]
    devtools, device = authenticator(page)
    type_password(page, account)
    page.goto("/account/factors")
    page.get_by_label("Nama kunci sandi").fill("Ponsel contoh")
    page.locator("#passkey-password").fill(account["password"])
    page.get_by_role("button", name="Tambah kunci sandi").click()
    expect(page.locator(".codes li")).to_have_count(8)
    page.get_by_role("link", name="Sudah saya simpan").click()
    expect(page.get_by_text("Ponsel contoh", exact=True)).to_be_visible()

    sign_out(page)
    type_password(page, account)
    expect(page.get_by_role("heading", name="Langkah kedua")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    expect(page.get_by_role("link", name="Buku penyerahan")).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    expect(page.get_by_role("link", name="Buku penyerahan")).to_be_visible()

    sign_out(page)
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    authenticator(page)
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    expect(page.locator("#passkey-problem")).to_contain_text("tidak jadi dipakai")


def test_app_is_added_on_a_phone_and_needed_at_the_next_sign_in(demo_office, page):
    account = demo_office.demo.accounts["admin"]
    type_password(page, account)
    page.set_viewport_size(PHONE)
    page.goto("/account")
    page.get_by_role("link", name="Atur langkah kedua").click()
    page.locator("#app-password").fill(account["password"])
    page.get_by_role("button", name="Pasang aplikasi kode").click()
    expect(page.locator("img.qr")).not_to_have_js_property("naturalWidth", 0)
    assert not violations(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Kode enam angka").fill("12")
    page.get_by_role("button", name="Pasang").click()
    expect(page.locator(".field__error")).to_contain_text("salah")
    used = pyotp.TOTP(secret).now()
    page.get_by_label("Kode enam angka").fill(used)
    page.get_by_role("button", name="Pasang").click()
    expect(page.locator(".codes li")).to_have_count(8)
    codes = page.locator(".codes li").all_inner_texts()
    assert not violations(page)
    page.get_by_role("link", name="Sudah saya simpan").click()
    expect(page.get_by_text("8 kode belum dipakai.")).to_be_visible()
    assert not violations(page)

    sign_out(page)
    type_password(page, account)
    page.get_by_label("Kode enam angka").fill(used)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator("#problem")).to_contain_text("sudah dipakai")
    page.get_by_text("Ponsel atau kunci hilang?").click()
    page.get_by_label("Kode pemulihan").fill(codes[0])
    page.get_by_role("button", name="Pakai kode pemulihan").click()
    expect(page.get_by_role("link", name="Admin", exact=True)).to_be_visible()


ANSWER = """async () => {
    const page = document.querySelector("script[src$='pages/passkey.js']").src;
    const { usePasskey } = await import(page.replace("pages/passkey.js", "lib/passkeys.js"));
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const options = await fetch("/login/passkey/options", { method: "POST", headers, body: "{}" });
    return usePasskey(await options.json());
}"""


def test_answer_of_a_passkey_is_good_once_and_at_one_site(demo_office, page):
    authenticator(page)
    account = demo_office.demo.accounts["desk"]
    type_password(page, account)
    page.goto("/account/factors")
    page.locator("#passkey-password").fill(account["password"])
    page.get_by_role("button", name="Tambah kunci sandi").click()
    page.get_by_role("link", name="Sudah saya simpan").click()
    sign_out(page)
    answer, later = page.evaluate(ANSWER), page.evaluate(ANSWER)
    with demo_office.server.app.app_context(), db.reading() as session:
        key = passkey_named(session, answer["id"])
    challenge = passkeys.challenge_of(answer)
    own = passkeys.Site(page.evaluate("location.origin"), "localhost")
    assert passkeys.answered(own, answer, challenge, key)
    assert passkeys.answered(passkeys.Site("https://evil.example", "localhost"), answer, challenge, key) is None
    assert passkeys.answered(passkeys.Site(own.origin, "evil.example"), answer, challenge, key) is None
    assert passkeys.answered(own, answer, passkeys.challenge_of(later), key) is None

    assert send(own, later) == 200
    assert [send(own, replayed) for replayed in (later, answer)] == [422, 422], "an older challenge is spent too"


def send(site: passkeys.Site, answer: Any) -> int:
    headers = {"Accept": "application/json", "Origin": site.origin}
    return httpx.post(f"{site.origin}/login/passkey", json=answer, headers=headers, timeout=30).status_code
