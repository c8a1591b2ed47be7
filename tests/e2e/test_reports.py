"""Reports printed by the Chromium of this machine."""

import pytest

from dashboard.reports.document import Report, html_of
from dashboard.reports.pdf import chromium, pdf_of

pytestmark = pytest.mark.browser


@pytest.mark.skipif(chromium() is None, reason="no Chromium to print with")
def test_report_becomes_a_pdf_of_many_pages() -> None:
    """A long report is printed as a PDF of more than one A4 page."""
    parts = [f"<p>{n}</p>" for n in range(200)]
    report = Report("vi", "Báo cáo", "", "Hành Trình", "Trang", [("Số liệu", parts)])
    program = chromium()
    assert program is not None

    printed = pdf_of(html_of(report), program=program)

    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") > 1
    assert b"[0 0 594.95996 841.91998]" in printed or b"[0 0 595" in printed
