"""Amber until the server has answered: lost answers, reloads, what changed meanwhile, a lost link."""

from playwright.sync_api import expect
from sqlalchemy import update

from ampera import db
from ampera.passports.models import Passport
from tests.browser.steps import pass_time_until, scanned
from tests.browser.tablet import family, records


def test_lost_answer_is_requested_until_known_also_after_a_reload(clocked_window):
    window = clocked_window
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.sign()
    asked = []

    def cut(route):
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fetch()  # the server records it, the tablet hears nothing
        route.abort()

    window.page.route("**/api/v1/handovers", cut)
    window.hold()
    expect(window.pane("checking")).to_contain_text("Jangan serahkan dulu")
    pass_time_until(window.page, lambda: len(asked) > 2)
    window.page.reload()
    expect(window.pane("checking")).to_be_visible()
    assert window.page.locator("[data-pane=recorded]").count() == 0
    window.page.unroute("**/api/v1/handovers")
    pass_time_until(window.page, window.pane("recorded").is_visible)
    window.recorded()
    assert len(set(asked)) == 1
    assert len(records(book)) == 1
    assert window.page.evaluate("() => sessionStorage.length") == 0


def test_what_changed_meanwhile_comes_back_into_the_form(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.sign()
    db.current().write(
        lambda unit: unit.session.execute(update(Passport).where(Passport.id == book.id).values(passport_no="X8888888"))
    )
    window.hold()
    refusal = window.pane("form").locator("[data-slot=refusal]")
    expect(refusal).to_contain_text("Buku tidak cocok")
    expect(window.row(0).locator("[data-slot=book]")).to_be_focused()
    expect(window.page.locator("[data-slot=pad]")).to_have_attribute("aria-label", "Tanda tangan tergores")
    expect(refusal).to_be_visible()
    assert window.page.evaluate("() => getSelection().toString()") == book.passport_no
    window.type_in(0, "book", "X8888888")
    expect(refusal).to_be_hidden()
    expect(window.page.locator(".hold")).to_contain_text("teks berubah setelah ditandatangani")
    window.page.click("[data-slot=clear]")
    window.sign()
    window.hold()
    window.recorded()


def test_a_refusal_after_a_reload_opens_the_form_again_with_the_same_key(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("family")
    window.match(0, book)
    window.sign()
    db.current().write(
        lambda unit: unit.session.execute(update(Passport).where(Passport.id == book.id).values(passport_no="X7777777"))
    )
    window.page.route("**/api/v1/handovers", lambda route: route.abort())
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    key = window.page.evaluate("() => JSON.parse(sessionStorage.getItem('ampera.handover'))[0].body.key")
    window.page.reload()
    window.page.unroute("**/api/v1/handovers")
    expect(window.pane("form")).to_be_visible()
    expect(window.page.locator("#collector-name")).to_have_value("Contoh Kerabat")
    refusal = window.pane("form").locator("[data-slot=refusal]")
    expect(refusal).to_contain_text("Buku tidak cocok")
    window.page.evaluate("() => document.activeElement.blur()")
    expect(refusal).to_be_visible()
    expect(window.row(0).locator("[data-slot=identity]")).to_have_value(book.nik[-4:])
    expect(window.page.locator("[data-slot=kept]")).to_be_visible()
    window.row(0).locator("[data-slot=book]").focus()
    scanned(window.page, "X7777777")
    expect(refusal).to_be_hidden()
    expect(window.row(0).locator(".state--go")).to_have_text("Cocok")
    window.page.click("[data-slot=clear]")  # the text names another number now
    window.sign()
    window.hold()
    window.recorded()
    assert [row.key for row in records(book)] == [key]


def test_without_the_link_nothing_can_be_confirmed_and_what_was_typed_stays(clocked_window):
    window = clocked_window
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.sign()
    window.page.context.set_offline(True)
    pass_time_until(window.page, window.page.locator(".hold:disabled", has_text="Jangan serahkan dulu").is_visible)
    expect(window.page.locator("#window [data-move=divert]").locator("visible=true")).to_be_disabled()
    expect(window.page.get_by_text("Menunggu sambungan pulih.").locator("visible=true")).to_be_visible()
    window.page.context.set_offline(False)
    expect(window.page.locator(".hold")).to_be_enabled()
