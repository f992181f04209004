"""The administrator's pages of notices: figures, dead messages and retry, texts of the office and their preview."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ampera import clock, create_app, db, migrate
from ampera.audit import AuditEntry
from ampera.notices.admin import labels as admin_labels
from ampera.notices.content.default_texts import STANDARD
from ampera.notices.models import Delivery, Notice, NoticeText
from tests import builders
from tests.conftest import on_both, settings_for
from tests.notices.mail_server import mail_server

READY = "/admin/notices/ready/id"
WORDS = {"subject": "Bukunya siap, {first_name}", "body": "Halo {first_name}\n{link}"}


@pytest.fixture
def mailing(tmp_path, morning):
    """An office with the setting of a mail server that does not answer."""
    app = create_app(settings_for(tmp_path, MAIL_URL="smtp://127.0.0.1:1", MAIL_FROM="uji@kantor.example"))
    app.testing = True
    with app.app_context():
        migrate.upgrade(db.current())
        builders.office()
        yield app
    app.extensions["ampera.db"].dispose()


def rows(model):
    with db.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def recorded(action):
    return [json.loads(entry.details) for entry in rows(AuditEntry) if entry.action == action]


def test_page_without_a_channel_shows_how_to_set_up_channels(sign_in):
    page = sign_in("admin").get("/admin/notices").text
    assert "Belum ada saluran yang dipakai" in page and page.count("Belum dipasang") == 3
    assert "Tidak ada pesan yang gagal." in page


@on_both
def test_figures_of_a_channel_count_today(app, sign_in):
    builders.ready(1)
    with clock.freeze(clock.now()):
        for state, ended in (("sent", 0), ("delivered", 0), ("sent", 2), ("passed", 0), ("waiting", 0), ("dead", 2)):
            at = clock.now() - timedelta(days=ended)
            builders.dead_delivery(state=state, ended_at=None if state == "waiting" else at, due_at=clock.now())
        page = sign_in("admin").get("/admin/notices").text
    row = page[page.index('<th scope="row">Surel') :].split("</tr>")[0]
    figures = dict(re.findall(r'data-label="([^"]+)">([^<]+)<', row))
    assert figures == {
        "Menunggu": "1", "Terlama": "0 dtk", "Terkirim": "2", "Diterima": "1", "Dialihkan": "1", "Gagal": "1",
        "Per menit": "0,4",
    }  # fmt: skip


def test_waiting_and_unaddressed_notices_are_counted(sign_in):
    builders.ready(1)
    builders.dead_delivery(state="sent")
    db.current().write(lambda unit: unit.conn.execute(update(Notice).values(state="unaddressed")))
    page = sign_in("supervisor").get("/admin/notices").text
    assert "1 pesan hari ini tanpa alamat yang dapat dipakai." in page
    db.current().write(lambda unit: unit.conn.execute(update(Notice).values(state="waiting")))
    assert "1 pesan belum disusun" in sign_in("supervisor").get("/admin/notices").text


def test_dead_message_is_listed_with_a_reason_and_a_masked_address(sign_in):
    ids, _ = builders.ready(1)
    builders.dead_delivery(address="rahasia@surat.example")
    page = sign_in("supervisor").get("/admin/notices").text
    assert "rahasia" not in page and "r•••@s•••.example" in page
    assert "Server surat tidak mengenal atau tidak menerima alamat ini. (550 5.1.1)" in page
    assert f'href="/desk/books/{ids[0]}"' in page
    assert "/desk/books/" not in sign_in("admin").get("/admin/notices").text


def test_dead_message_is_sent_again(mailing):
    builders.ready(1, email="baru@surat.example")
    first, second = builders.dead_delivery(), builders.dead_delivery(kind="link")
    page = builders.signed_in(mailing, "supervisor")
    assert page.post(f"/admin/notices/{first}/retry").status_code == 303
    assert "Pesan dikirim lagi." in page.get("/admin/notices").text
    page.post("/admin/notices/retry")
    assert "1 pesan dikirim lagi." in page.get("/admin/notices").text
    with db.reading() as session:
        assert not session.scalars(select(Delivery).where(Delivery.state == "dead")).all()
    assert first != second


def test_retry_without_an_address_shows_the_reason(sign_in):
    builders.ready(1)
    dead = builders.dead_delivery()
    page = sign_in("admin")
    page.post(f"/admin/notices/{dead}/retry")
    assert "Tidak ada alamat yang dapat dipakai." in page.get("/admin/notices").text
    page.post("/admin/notices/retry")
    assert "0 pesan dikirim lagi." in page.get("/admin/notices").text


def test_test_mail_shows_the_answer_of_the_mail_server(tmp_path, morning):
    with mail_server() as server:
        app = create_app(settings_for(tmp_path, MAIL_URL=server.url, MAIL_FROM="uji@kantor.example"))
        app.testing = True
        with app.app_context():
            migrate.upgrade(db.current())
            builders.office()
            admin = builders.signed_in(app, "admin")
            admin.post("/admin/notices/test", data={"address": "saya@surat.example"})
            assert "Surat uji terkirim." in admin.get("/admin/notices").text
            (mail,) = server.to("saya@surat.example")
            assert "Siap diambil: 2 paspor" in mail.read["Subject"]
            server.rcpt.append("550 5.1.1 unknown")
            admin.post("/admin/notices/test", data={"address": "salah@surat.example"})
            assert "Server surat tidak mengenal" in admin.get("/admin/notices").text
            admin.post("/admin/notices/test", data={"address": "bukan alamat"})
            assert "Alamat surel ini tidak dapat dibaca." in admin.get("/admin/notices").text
            assert [details["reason"] for details in recorded("notice.test_sent")] == ["", "smtp 550 5.1.1"]
            assert not rows(Delivery)
        app.extensions["ampera.db"].dispose()


def test_long_list_of_dead_messages_has_pages(sign_in):
    builders.ready(1)
    for _ in range(51):
        builders.dead_delivery()
    page = sign_in("supervisor")
    assert "51 pesan menunggu keputusan Anda" in page.get("/admin/notices").text
    assert page.get("/admin/notices?page=2").text.count("Kirim lagi kepada") == 1
    assert "Kembali ke awal daftar." in page.get("/admin/notices?page=9").text


@on_both
def test_text_of_the_office_is_saved_and_reset(app, sign_in):
    admin = sign_in("admin")
    assert STANDARD["ready", "id"].subject in admin.get(READY).text
    for body in ("Halo {first_name}\n{link}", "Selamat pagi {first_name}\n{link}"):
        assert admin.post(READY, data={**WORDS, "body": body}).status_code == 303
    page = admin.get(READY).text
    assert "Bukunya siap, {first_name}" in page and "Selamat pagi Contoh" in page and "Teks kantor" in page
    assert [row.body for row in rows(NoticeText)] == ["Selamat pagi {first_name}\n{link}"]
    assert recorded("notice.text_set")[0] == {"kind": "ready", "language": "id", "fields": ["first_name", "link"]}
    admin.post(READY, data={"act": "standard"})
    assert rows(NoticeText) == [] and recorded("notice.text_reset") == [{"kind": "ready", "language": "id"}]


def test_submitted_default_text_is_not_stored(sign_in):
    subject, body = STANDARD["ready", "id"]
    sign_in("admin").post(READY, data={"subject": subject, "body": body.replace("\n", "\r\n")})
    assert rows(NoticeText) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": "{nik}\n{link}"}, "Isian {nik} tidak ada untuk pesan ini."),
        ({"body": "Halo"}, "Isian {link} harus ada di teks ini."),
        ({"body": "Buka {link}"}, "Isian {link} harus sendiri di satu baris."),
        ({"body": "<b>Halo</b>\n{link}"}, "Tulis teks biasa"),
        ({"subject": "{link}"}, "Tautan tidak boleh di judul"),
        ({"subject": ""}, "Tulis teksnya."),
        ({"body": "a" * 3000}, "Terlalu panjang. Paling banyak 1200 huruf."),
    ],
)
def test_refused_text_stays_on_the_page_with_the_reason(sign_in, change, sentence):
    typed = {**WORDS, **change}
    answer = sign_in("admin").post(READY, data=typed)
    assert answer.status_code == 422 and sentence in answer.text
    assert 'aria-invalid="true"' in answer.text and rows(NoticeText) == []
    assert recorded("notice.text_refused")


def test_preview_shows_the_submitted_text_and_stores_nothing(sign_in):
    admin = sign_in("admin")
    typed = {"subject": "Siap {first_name}", "body": "Sebelum {deadline} ya & terima kasih\n{link}"}
    fragment = admin.post(f"{READY}/preview", data=typed).text
    deadline = clock.today() + timedelta(days=14)
    assert "Siap Contoh" in fragment and f"Sebelum {deadline:%d-%m-%Y} ya &amp; terima kasih" in fragment
    assert "<html" not in fragment and "/p/contoh-tautan" in fragment
    whole = admin.post(READY, data={**typed, "act": "preview"})
    assert whole.status_code == 200 and "Siap Contoh" in whole.text and rows(NoticeText) == []
    assert "Isian {nik} tidak ada" in admin.post(f"{READY}/preview", data={**typed, "subject": "{nik}"}).text


@pytest.mark.parametrize("path", ["/admin/notices/nothing/id", "/admin/notices/ready/fr", "/admin/notices/ready"])
def test_unknown_kind_or_language_is_404(sign_in, path):
    assert sign_in("admin").get(path).status_code == 404


def test_every_kind_has_an_editor_in_both_languages(sign_in):
    admin = sign_in("admin")
    page = admin.get("/admin/notices").text
    for kind, language in STANDARD:
        assert f'href="/admin/notices/{kind}/{language}"' in page
        assert admin.get(f"/admin/notices/{kind}/{language}").status_code == 200
    assert set(admin_labels.WHEN) == set(admin_labels.KINDS) == {kind for kind, _ in STANDARD}


@pytest.mark.parametrize("role", ["officer", "desk", "supervisor"])
def test_only_an_administrator_can_change_texts(sign_in, role):
    for path in (READY, f"{READY}/preview"):
        assert sign_in(role).post(path, data=WORDS).status_code == 403
    may_read = sign_in(role).get("/admin/notices").status_code == 200
    assert may_read == (role == "supervisor")


def test_dead_message_of_another_office_is_404(sign_in):
    builders.ready(1)
    dead = builders.dead_delivery()
    builders.office("JKT")
    there = sign_in("supervisor", "JKT")
    assert "contoh" not in there.get("/admin/notices").text.partition("<main")[2].casefold()
    assert there.post(f"/admin/notices/{dead}/retry").status_code == 404
