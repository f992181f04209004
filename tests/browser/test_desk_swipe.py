"""A swiped passport at the desk: it is searched, compared with a rack, or fills the field for its number."""

from playwright.sync_api import expect

from tests.browser.mrz import damaged, lines, swiped
from tests.browser.steps import SOON, typed_by_machine


def test_swiped_passport_is_searched_by_the_number_alone(demo_office):
    (paper,) = demo_office.books("Contoh Gesek").papers
    page = demo_office.open("/desk", "desk")
    zone = lines(paper.passport_no, "Contoh Gesek")
    for place in ("h1", "#q"):
        page.locator(place).first.click()
        swiped(page, damaged(zone))
        expect(page.locator("#found")).to_contain_text("Paspor tidak terbaca utuh. Gesek lagi.")
        with page.expect_response("**/passports/search", timeout=SOON) as answered:
            swiped(page, zone)
        assert answered.value.request.post_data_json == {"q": paper.passport_no}
        expect(page.locator("#found tbody a")).to_have_text("Contoh Gesek")
    assert "<" not in page.url


def test_first_letter_of_a_swipe_leaves_the_field_before_the_rest_comes(demo_office):
    page = demo_office.open("/desk", "desk")
    page.locator("#q").click()
    typed_by_machine(page, "P<IDN")
    expect(page.locator("#q")).to_have_value("")


def test_swiped_passport_is_searched_in_the_register_and_stays_out_of_the_address(demo_office):
    page = demo_office.open("/register", "supervisor")
    swiped(page, damaged(lines("X7654321", "Contoh Gesek")))
    expect(page.get_by_role("alert")).to_have_text("Paspor tidak terbaca utuh. Gesek lagi.")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        swiped(page, lines("X7654321", "Contoh Gesek"))
    assert "q=X7654321&" in sent.value.post_data + "&"
    expect(page.locator("[name=q]")).to_have_value("X7654321")
    assert "7654321" not in page.url


def test_swiped_passport_is_compared_with_the_rack(demo_office):
    (paper,) = demo_office.books("Contoh Gesek", shelf="Q-01-01").papers
    page = demo_office.open("/desk/shelves?rack=Q", "desk")
    zone = lines(paper.passport_no, "Contoh Gesek")
    swiped(page, damaged(zone))
    expect(page.locator("#last")).to_contain_text("Paspor tidak terbaca utuh.")
    expect(page.locator("[data-count=surplus]")).to_have_text("0")
    swiped(page, zone)
    expect(page.locator("[data-count=here]")).to_have_text("1")


def test_swiped_passport_fills_number_and_birth_date_of_a_new_book(demo_office):
    page = demo_office.open("/desk/books/new", "desk")
    page.fill("[name=application_no]", "1234567890123456")
    zone = lines("X7654321", "Contoh Gesek", birth="880317")
    swiped(page, damaged(zone))
    expect(page.get_by_role("alert")).to_have_text("Paspor tidak terbaca utuh. Gesek lagi.")
    page.focus("[name=application_no]")
    swiped(page, zone)
    expect(page.locator("[name=passport_no]")).to_have_value("X7654321")
    expect(page.locator("[name=birth_date]")).to_have_value("1988-03-17")
    expect(page.locator("[name=application_no]")).to_have_value("1234567890123456")
    expect(page.locator("[name=holder_name]")).to_have_value("")
    expect(page.get_by_role("alert")).to_have_count(0)
