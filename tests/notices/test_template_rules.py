"""The rules of the text of a notice, the default texts, and the text and HTML of a mail."""

import pytest

from ampera.notices.content import default_texts, email_html, template_rules
from ampera.notices.content.email_html import Part

LINK = "https://paspor.contoh.example/p/abc"
GOOD = "Halo {first_name}\n{link}"


@pytest.mark.parametrize(("kind", "language"), list(default_texts.STANDARD))
def test_default_texts_follow_the_rules(kind, language):
    text = default_texts.STANDARD[kind, language]
    assert template_rules.check(kind, *text) == {}
    assert (template_rules.normalized(text.subject), template_rules.normalized(text.body)) == text


def test_every_kind_has_a_default_text_in_both_languages():
    assert set(default_texts.STANDARD) == {
        (kind, language) for kind in template_rules.KINDS for language in ("id", "en")
    }


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ("", "text_missing", ""),
        (" \n ", "text_missing", ""),
        ("a" * 1300, "text_too_long", "1200"),
        ("{nik}\n{link}", "text_unknown_field", "nik"),
        ("{slot}\n{link}", "text_unknown_field", "slot"),
        ("{ first_name}\n{link}", "text_unknown_field", " first_name"),
        ("{}\n{link}", "text_unknown_field", ""),
        ("{first_name\n{link}", "text_brace", ""),
        ("first_name}\n{link}", "text_brace", ""),
        ("Halo", "text_field_missing", "link"),
        ("Halo {link}", "text_link_alone", ""),
        ("<b>Halo</b>\n{link}", "text_html", ""),
        ("Halo\x07\n{link}", "text_control", ""),
        ("Halo\u202e\n{link}", "text_control", ""),
        ("Lihat https://lain.example\n{link}", "text_other_link", ""),
    ],
)
def test_invalid_body_is_refused_with_a_reason(body, code, field):
    assert template_rules.check("ready", "Siap", body) == {"body": template_rules.TextProblem(code, field)}


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("", "text_missing"),
        ("a" * 121, "text_too_long"),
        ("Siap\nBcc: lain@surat.example", "text_control"),
        ("Siap {link}", "text_link_in_subject"),
        ("Siap {passport_no}", "text_unknown_field"),
    ],
)
def test_invalid_subject_is_refused_with_a_reason(subject, code):
    assert template_rules.check("ready", subject, GOOD)["subject"].code == code


def test_comparison_signs_are_no_markup():
    assert template_rules.check("ready", "Siap < 3 hari", f"Buka < 15.00, 1 > 0\n{GOOD}") == {}


def test_braces_in_a_value_are_no_field():
    assert template_rules.fill("{first_name} {office}", {"first_name": "{link}", "office": "Kantor"}) == "{link} Kantor"


def test_lines_are_normalized():
    assert template_rules.normalized("\r\n Halo  \r\n\r\n\r\n\r\n{link} \r") == "Halo\n\n{link}"


def test_markup_in_values_is_escaped_in_a_mail():
    part = Part("id", "Siap <b>", f"Halo <script>alert(1)</script>\n{LINK}")
    html = email_html.html([part], 'Kantor "X" & Y', LINK, has_qr=True)
    assert "<script>" not in html and "&lt;script&gt;" in html and "Kantor &#34;X&#34; &amp; Y" in html
    assert html.count(f'href="{LINK}"') == 1 and 'src="cid:qr@ampera"' in html


def test_dates_and_spans_are_not_broken_in_a_mail():
    slot = "30-11-2026, 08.15–08.30 WIB"
    html = email_html.html([Part("id", slot, f"Pada {slot} & <b>")], "Kantor Contoh", LINK, has_qr=False)
    day, span = (f'<span style="white-space:nowrap">{piece}</span>' for piece in slot.removesuffix(" WIB").split(", "))
    assert html.count(f"{day}, {span} WIB") == 2 and f"Pada {day}, {span} WIB &amp; &lt;b&gt;" in html


def test_mail_shows_both_languages_in_order():
    parts = [Part("id", "Siap", "Halo"), Part("en", "Ready", "Hello")]
    assert email_html.subject(parts) == "Siap / Ready"
    text = email_html.text(parts, "Kantor Contoh")
    assert text.index("Halo") < text.index("Pesan otomatis Kantor Contoh") < text.index("Hello")
    assert '<td lang="en"' in email_html.html(parts, "Kantor Contoh", LINK, has_qr=False)
